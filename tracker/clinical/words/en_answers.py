"""English: what we say about an answer that we must ask about or refuse."""

from __future__ import annotations

PROBLEMS = {
    "ask_unit": "Did you mean {suggested}? {typed} is not possible.",
    "ask_unit_urgent": (
        "Did you mean {suggested}? Please check now. Call {emergency} if you feel very ill."
    ),
    "ask_value": "Is {typed} right? Please check the number and the unit.",
    "ask_value_urgent": (
        "Is {typed} right? Please check the number and the unit now. "
        "Call {emergency} if you feel very ill."
    ),
    "not_object": "{field} must be a group of answers.",
    "unknown_key": "{field} is not a question that we ask.",
    "nothing": "Please answer at least one question.",
    "required": "{field} is missing.",
    "not_true_false": "{field} must be yes or no.",
    "not_integer": "{field} must be a whole number from {low} to {high}.",
    "range": "{field} must be from {low} to {high}.",
    "not_number": "{field} must be a number, such as {example}.",
    "not_whole_sugar": "{field} in mg/dL is a whole number from {low} to {high}.",
    "choice": "{field} must be one of: {choices}.",
    "text": "{field} must be plain text of 1 to {high} characters.",
    "not_time": "{field} must be a date and time with its offset from UTC.",
    "future": "{field} is in the future. Please check the clock of your phone.",
    "not_id": "{field} must be the id of an earlier check-in.",
    "not_correctable": "{field} must be one of your check-ins that you have not corrected yet.",
    "not_list": "{field} must be a list of the parts that you checked.",
}

FIELDS = {
    "": "Your answer",
    "observed_at": "The time of your answer",
    "pain": "Pain",
    "pain/usual": "Your usual pain",
    "pain/site": "Pain where the needle went in",
    "pain/controlled": "Whether your medicine helps",
    "pain/worse_than_before": "Whether your pain is worse than before",
    "temperature": "Temperature",
    "temperature/value": "Temperature",
    "temperature/unit": "The unit of your temperature",
    "temperature/antipyretic_within_6h": "Whether you took fever medicine",
    "glucose": "Blood sugar",
    "glucose/value": "Blood sugar",
    "glucose/unit": "The unit of your blood sugar",
    "glucose/device": "The device for your blood sugar",
    "site": "The skin where you got the shot",
    "site/redness": "The size of the redness",
    "site/swelling": "The size of the swelling",
    "site/warmth": "Whether the skin is warm",
    "site/drainage": "Fluid from the skin",
    "site/streaks": "Whether there are red streaks",
    "site/bruise": "Whether there is a bruise",
    "site/trend": "Whether it is better or worse",
    "symptoms": "Your symptoms",
    "symptoms/urinary_retention_h": "The hours without urine",
    "other": "Anything else",
    "other/text": "What else you noticed",
    "other/urgency": "How soon you need an answer",
    "confirmed": "What you confirmed",
    "corrects": "The check-in that you correct",
}
