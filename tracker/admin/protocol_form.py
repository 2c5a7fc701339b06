"""The form for the clinic's numbers: one field a number, held to the bounds of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.admin.forms import DeskForm
from tracker.clinical import bounds
from tracker.clinical.bounds import OutOfBounds, Setting
from tracker.clinical.protocol import Protocol, merged, settings
from tracker.clinical.quantities import DISPLAY_STEPS, UNIT_SIGNS
from tracker.clinical.sources import SOURCES

LONGEST_REASON = 1000
_IN_NAMES = {"Cel": "celsius", "[degF]": "fahrenheit", "mg/dL": "mg", "mmol/L": "mmol"}


@dataclass(frozen=True, slots=True)
class Line:
    """One number as staff read it: what it is, its unit, its bounds, where it comes from."""

    setting: Setting

    @property
    def field(self) -> str:
        setting = self.setting
        ends = setting.kind or _IN_NAMES.get(setting.unit)
        return f"{setting.name}_{ends}" if ends else setting.name

    @property
    def unit(self) -> str:
        return UNIT_SIGNS.get(self.setting.unit, self.setting.unit)

    @property
    def title(self) -> str:
        return f"{self.setting.title} ({self.unit})"

    @property
    def allowed(self) -> str:
        setting = self.setting
        ends = [str(each) for each in setting.choices] or [setting.low, setting.high]
        words = (" or " if setting.choices else " to ").join(ends)
        return words if self.unit == "of 10" else f"{words} {self.unit}"

    @property
    def default(self) -> str:
        return self.value(Protocol())

    @property
    def sources(self) -> str:
        keys = self.setting.provenance.split(", ")
        return "; ".join(SOURCES.get(key, key) for key in keys)

    def value(self, protocol: Protocol) -> str:
        setting = self.setting
        if setting.kind:
            return str(protocol.by_kind[setting.kind][setting.name])
        number = getattr(protocol, setting.name)
        return str(number.numbers[setting.unit] if setting.name in bounds.PAIRED else number)

    def differs(self, protocol: Protocol, other: Protocol) -> bool:
        """Whether this number is not the default, or not the other protocol's."""
        return len({self.value(each) for each in (protocol, other, Protocol())}) > 1

    def check(self, number: Any) -> None:
        try:
            self.setting.check(Decimal(number))
        except OutOfBounds:
            raise ValidationError(f"{number} is not allowed: {self.allowed}.") from None


def lines() -> list[Line]:
    return [Line(setting) for setting in settings()]


class ProtocolForm(DeskForm):
    """Starts from the numbers in force; `numbers()` is what the service takes."""

    def __init__(self, *args: Any, standing: Protocol, **kwargs: Any) -> None:
        self.base_fields = {line.field: _field(line) for line in lines()}
        self.base_fields["reason"] = forms.CharField(
            label="Why these numbers",
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Whoever reviews them reads this first.",
        )
        initial = {line.field: line.value(standing) for line in lines()}
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def rows(self) -> Iterator[tuple[Line, forms.BoundField]]:
        return ((line, self[line.field]) for line in self.lines())

    def lines(self) -> list[Line]:
        return [line for line in lines() if line.field in self.fields]

    def clean(self) -> dict[str, Any]:
        for name in bounds.PAIRED:
            self._check_pair(name)
        return self.cleaned_data

    def _check_pair(self, name: str) -> None:
        pair = [line for line in lines() if line.setting.name == name]
        values = {line.setting.unit: self.cleaned_data.get(line.field) for line in pair}
        if None in values.values():
            return  # refused already
        try:
            bounds.check_pair(name, values)
        except OutOfBounds:
            self.add_error(pair[1].field, _means(values))

    def numbers(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {}
        for line in self.lines():
            setting, value = line.setting, self.cleaned_data[line.field]
            if setting.kind:
                kinds = numbers.setdefault("by_kind", {})
                kinds.setdefault(setting.kind, {})[setting.name] = int(value)
            elif setting.name in bounds.PAIRED:
                numbers.setdefault(setting.name, {})[setting.unit] = f"{value:f}"
            else:
                numbers[setting.name] = int(value)
        return numbers


class OwnNumbersForm(ProtocolForm):
    """One patient's numbers: those that the rules look at for this kind of procedure."""

    ids = "own-%s"

    def __init__(self, *args: Any, usual: Protocol, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        del self.fields["reason"]
        rfa = usual.by_kind["rfa"]
        for line in lines():
            of_kind, name = line.setting.kind, line.setting.name
            if (of_kind != kind) if of_kind else (kind == "rfa" and name in rfa):
                del self.fields[line.field]

    def changed_numbers(self) -> dict[str, Any]:
        """What differs from the procedure's version."""
        wanted = Protocol.from_numbers(merged(self.usual.numbers(), self.numbers()))
        differ = {line.setting.label for line in self.lines()
                  if line.value(wanted) != line.value(self.usual)}  # fmt: skip
        own = {name: each for name, each in self.numbers().items() if name in differ}
        kinds = self.numbers().get("by_kind", {})
        of_kind = {kind: each for kind, each in kinds.items()
                   if any(f"{name} ({kind})" in differ for name in each)}  # fmt: skip
        return {**own, "by_kind": of_kind} if of_kind else own


def _field(line: Line) -> forms.Field:
    setting = line.setting
    if setting.choices:
        return forms.ChoiceField(
            label=line.title,
            choices=[(str(each), str(each)) for each in setting.choices],
        )
    step = DISPLAY_STEPS.get(setting.unit, Decimal(1))
    places = 1 if step < 1 else 0
    return forms.DecimalField(
        label=line.title,
        max_digits=6,
        decimal_places=places,
        validators=[line.check],
        widget=forms.NumberInput(attrs={"step": str(step), "inputmode": "decimal"}),
        error_messages={
            "invalid": f"Give a number: {line.allowed}.",
            "max_decimal_places": "One decimal at most." if places else "Give a whole number.",
        },
    )


def _means(pair: dict[str, Any]) -> str:
    """Say which second value would mean the same as the first."""
    (unit, number), (other, _) = pair.items()
    same = number * 9 / 5 + 32 if unit == "Cel" else number / 18
    rounded = same.quantize(DISPLAY_STEPS[other], ROUND_HALF_UP)
    return f"Both must mean the same: {number} {UNIT_SIGNS[unit]} is {rounded} {UNIT_SIGNS[other]}."
