"""How one patient is spoken to: which language, which clinic, which phone numbers."""

from __future__ import annotations

from dataclasses import dataclass

from .words import Words, words

EMERGENCY_NUMBER = "911"


@dataclass(slots=True)
class Contact:
    """Whom the patient calls; phone numbers as they are dialled."""

    clinic_name: str = "the clinic"
    phone: str = ""
    after_hours_phone: str = ""
    emergency_number: str = EMERGENCY_NUMBER


@dataclass(slots=True)
class Voice:
    """How one patient is spoken to: in which language, about which clinic, with ice or without."""

    language: str
    contact: Contact
    ice: bool = True

    @property
    def words(self) -> Words:
        return words(self.language)

    def say(self, template: str) -> str:
        """A text of the catalogue with the clinic's names and numbers in it."""
        return template.format(
            clinic=self.contact.clinic_name,
            phone=self.contact.phone,
            after_hours=self.contact.after_hours_phone,
            emergency=self.contact.emergency_number,
            ice=self.words.lines["ice"] if self.ice else "",
        )

    def line(self, name: str) -> str:
        return self.say(self.words.lines[name])

    def message(self, name: str) -> str:
        return self.say(self.words.message(name))
