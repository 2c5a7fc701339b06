"""English: what staff ask on the phone about each sign, and what they do then.

For people who know how to examine: it reminds, it does not decide. The patient's own screen has
already said what stands in `en_advice`.
"""

from __future__ import annotations

FIRST = {
    "emergency": (
        "Have you called {emergency}? Is somebody with you?",
        "If not: stay on the line, have somebody else call, and confirm the address.",
    ),
    "call_today": ("How are you now, compared with when you told us?",),
    "watch": ("How is it now?",),
}
FIRST_OF = {
    "GL-VLOW": (
        "Is somebody with you? Confused, unable to swallow or still low: call {emergency}.",
    ),
}
"""Where the screen has asked for something else first."""

ASK = {
    "airway": (
        "Can you speak in whole sentences? Any tight throat, wheeze or swelling of the face?",
        "Hives or itching? Dizzy, faint or vomiting?",
        "Which medicines since the procedure? Known allergies, own allergy pen?",
    ),
    "chest": (
        "Where is it, since when, does it spread? Sweating, short of breath, heart racing?",
        "Heart disease known?",
    ),
    "cauda": (
        "When did you last pass urine? Can you hold urine and stool?",
        "Is the numb skin between the legs, on both sides, or on one buttock only?",
        "Any new weakness in the legs?",
    ),
    "leg": (
        "Can you stand on it? Lift the foot, straighten the knee?",
        "Since when, getting better or worse? One leg or both?",
        "Bladder, bowel, numbness between the legs?",
    ),
    "brain": (
        "Speech, face, both arms: any change now? Fits? Known seizures?",
        "Metal taste, ringing in the ears, numb mouth or twitching? When did it start?",
    ),
    "faint": (
        "Did you hit your head? Chest pain, trouble breathing, back to normal now?",
        "Blood pressure and sugar, if you can measure. Which medicines today?",
    ),
    "bleed": (
        "Has somebody pressed on it for ten minutes without looking? Is it still bleeding?",
        "Blood thinner? Is the swelling growing, is the leg numb or weak?",
    ),
    "sepsis": (
        "Temperature now? Confused, clammy, breathing fast, in extreme pain?",
        "Is the needle site red, swollen or draining?",
    ),
    "head": (
        "Sudden or slow? Worse when sitting up, better when lying?",
        "Stiff neck, fever, light hurts, vomiting, weakness?",
    ),
    "fever": (
        "Temperature now, how measured, any fever medicine before?",
        "Needle site: red, swollen, draining? New weakness, numbness, bladder trouble?",
        "Another cause: cough, urine, stomach, contact with somebody ill?",
    ),
    "redness": (
        "How large, compared with a coin? Growing, streaks, warm, tender?",
        "Fever or chills? Any fluid?",
        "Can somebody look at it, or can you come today?",
    ),
    "swelling": (
        "How large, hard or soft, growing? Bruise around it?",
        "Blood thinner? Fever? Leg numb or weak?",
    ),
    "drainage": (
        "Clear, bloody or pus? How much, does it smell?",
        "Fever, redness, more pain? Headache when sitting up?",
    ),
    "pain_usual": (
        "Score now and before the block? The same pain, or a new one?",
        "Which medicine, how much, when, did it help? Ice?",
        "Weak or numb leg, bladder or bowel, fever?",
    ),
    "pain_site": (
        "Score now? Better after the first days and then worse?",
        "Redness, swelling, warmth, fluid, fever?",
        "Which medicine, did it help? Ice?",
    ),
    "glucose_high": (
        "Value now, washed hands, meter or sensor? Insulin or tablets as usual?",
        "Vomiting, belly pain, fast breathing, confusion? Ketones, if they can be measured?",
        "Who looks after the diabetes?",
    ),
    "glucose_low": (
        "Value now, by a finger stick? Has sugar been taken, is it rising after 15 minutes?",
        "Confused, able to swallow, not alone?",
        "Insulin or tablets, when, how much? Was the dose raised after the steroid?",
    ),
    "numb": (
        "Where, how large, shrinking or growing? Since when?",
        "Weakness, or numbness between the legs?",
    ),
    "flush": ("Hives, swelling, trouble breathing?",),
    "other": (
        "Tell me in your own words: what, since when, better or worse?",
        "Fever, weakness, numbness, chest pain, trouble breathing?",
    ),
    "question": ("You entered a number that may be a mistake. What does it show now?",),
    "silence": (
        "How are you? Fever, needle site, pain, leg, sugar?",
        "What kept you from answering: the phone, the questions, being unwell?",
        "Offer to enter a check-in for them now.",
    ),
}

THEN = {
    "FV-FEVER": "Review by phone: site, nerves, another cause.",
    "FV-CHILLS": "Review by phone: site, nerves, another cause. Have it measured.",
    "ST-RED": "Somebody looks at it the same day.",
    "ST-SWELL": "Think of a hematoma too, above all on a blood thinner. The same day.",
    "ST-DRAIN": "Somebody looks at it the same day. Covered and dry until then.",
    "ST-WARM": "Somebody looks at it the same day.",
    "PN-SEVERE": "The clinician who treats them decides about medicine.",
    "PN-PERSIST": "Review with the clinician.",
    "PN-RISE": "Think of an infection.",
    "GL-HIGH": "Pass it on to whoever treats the diabetes.",
    "GL-VHIGH": "Pass it on now to whoever treats the diabetes.",
    "GL-HI": "Watch for a second one within two hours: that is an emergency.",
    "GL-LOW2": "Tell whoever treats the diabetes: was it corrected too much?",
    "GL-PERSIST": "Tell whoever treats the diabetes.",
    "GL-VLOW": "Stay on the line until the value rises or help is there.",
    "GL-NODM": "Note it for their own doctor.",
    "AL-HIVES": "Write it into the allergies.",
    "FA-FAINT": "Blood pressure, medicines, sugar.",
    "BL-SOAK": "The same day. Blood thinner?",
    "NE-NUMB": "Check the nerves.",
    "HD-SEVERE": "Does it change with sitting up? Tell the clinician.",
    "OT-OTHER": "Read the same day by somebody who knows.",
    "QU-UNANSWERED": "Enter the right number as a check-in.",
    "SI-SILENT": "No answer is not good news: try the emergency contact as well.",
}
EMERGENCY = "Call back now, and note who is with them and where they are going."
