"""English: what the evidence says and what the screens ask people to do."""

from __future__ import annotations

AND = "and"
REVIEWED_BY: str | None = "written in English"

ITEMS = {
    "area_numbness": "numb skin where you were treated",
    "belly_pain": "belly pain",
    "bladder_loss": "loss of bladder control",
    "bowel_loss": "loss of bowel control",
    "chest_pain": "chest pain",
    "chills": "shaking chills",
    "clammy": "cold, damp skin",
    "confusion": "confusion",
    "dizzy": "dizziness",
    "dyspnea": "trouble breathing",
    "extreme_pain": "extreme pain",
    "face_swelling": "swelling of the face, lips or throat",
    "facial_flush": "a flushed face",
    "faint": "fainting",
    "faint_injury": "an injury from the fall",
    "faint_repeat": "fainting more than once",
    "fruity_breath": "breath that smells like fruit",
    "glucose": "blood sugar",
    "headache": "headache",
    "hives": "hives",
    "itching": "itchy skin",
    "ketones": "ketones",
    "leg_numbness": "a numb leg",
    "leg_weakness": "a weak leg",
    "metallic_taste": "a metal taste",
    "not_recovered": "not feeling back to normal",
    "numb_mouth": "a numb mouth",
    "one_sided": "weakness of one side",
    "redness": "redness",
    "ringing_ears": "ringing ears",
    "saddle_numbness": "numbness between the legs",
    "seizure": "a seizure",
    "stiff_neck": "a stiff neck",
    "swelling": "swelling",
    "temperature": "temperature",
    "twitching": "twitching",
    "vomiting": "throwing up",
}

VALUES = {
    "mild": "mild",
    "severe": "severe",
    "moderate": "moderate",
    "large": "large",
}

SENTENCES = {
    # The evidence.
    "reported": "Reported: {symptoms}.",
    "together": "Reported together: {symptoms}.",
    "within": "{symptoms}, within {limit} hours.",
    "soon_after": "{symptoms}, within {limit} hours of the procedure.",
    "no_urine": "No urine for {hours} hours; the limit is {limit} hours.",
    "leg_severe": "The leg is too weak to stand on.",
    "leg_weak_late": "A weak leg {hours} hours after the procedure; the limit is {limit} hours.",
    "leg_numb_late": "A numb leg {hours} hours after the procedure; the limit is {limit} hours.",
    "leg_early": "{symptoms} in the first {limit} hours.",
    "skin_numb_late": "Numb skin {hours} hours after the procedure; the limit is {limit} hours.",
    "skin_early": "Numb skin is expected in the first {limit} hours.",
    "bleeding_on": "Bleeding does not stop with firm pressure.",
    "soaked": "The bandage is soaked with blood.",
    "spot": "A spot of blood is expected.",
    "bruise": "A bruise is expected.",
    "clear_drop": "A drop of clear fluid is expected in the first {limit} hours.",
    "headache": "Severe headache.",
    "temperature": "Temperature {value}; the limit is {limit}.",
    "temperature_late": (
        "Temperature {value}, a month or more after the procedure; the limit is {limit}."
    ),
    "temperature_low_grade": "Temperature {value}; a recheck is due from {limit}.",
    "not_measured": "Feels hot, and no temperature was taken.",
    "streaks": "Red streaks on the skin.",
    "site_mild": "{item} the size of a coin.",
    "site_large": "{item} the size of a palm or larger.",
    "site_any": "{item} where the shot was given.",
    "site_worse": "{item} is new or worse {hours} hours after the procedure.",
    "site_not_better": (
        "{item} is not better {hours} hours after the procedure; the limit is {limit} hours."
    ),
    "site_late": (
        "{item} is still there {hours} hours after the procedure; the limit is {limit} hours."
    ),
    "pus": "Pus at the injection site.",
    "fluid_late": "Clear fluid {hours} hours after the procedure; the limit is {limit} hours.",
    "warm_late": "The skin is warm {hours} hours after the procedure; the limit is {limit} hours.",
    "pain_severe": "Pain {value} of 10 that is not under control; severe starts at {limit}.",
    "pain_persists": "Pain {value} of 10 again after {hours} hours; the limit is {limit}.",
    "pain_lasts": "Pain {value} of 10 after more than {hours} hours; the limit is {limit}.",
    "pain_rises": "Pain {value} of 10 at the needle site; it had been down to {lowest}.",
    "pain_flare": "Pain {value} of 10 in the first {hours} hours; the limit is {limit}.",
    "soreness": "Soreness {value} of 10 is expected.",
    "sugar_high": "Blood sugar {value}; the limit is {limit}.",
    "sugar_low": "Blood sugar {value}; the lower limit is {limit}.",
    "sugar_low_again": "Blood sugar {value}, low again within {hours} hours; the limit is {limit}.",
    "sugar_above_usual": "Blood sugar {value}; the usual is {usual}.",
    "sugar_persists": "Blood sugar {value} in the second week, on two dates; the limit is {limit}.",
    "hi": "The meter says HI.",
    "hi_again": "The meter says HI twice within {hours} hours.",
    "palpitations": "Reported: a racing or pounding heart.",
    "other_today": "Something else, and it should not wait.",
    "other_can_wait": "Something else that can wait.",
    "silent": "No check-in for {hours} hours.",
    "unanswered": "An urgent question was not answered for {minutes} minutes.",
    # Questions.
    "ask_unit": "Did you mean {suggested}? {typed} is not possible.",
    "ask_unit_urgent": (
        "Did you mean {suggested}? Please check now. Call {emergency} if you feel very ill."
    ),
    "ask_value_urgent": (
        "Is {typed} right? Please check the number and the unit now. "
        "Call {emergency} if you feel very ill."
    ),
    # Problems with an answer.
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

ACTIONS = {
    "emergency": "Call {emergency}",
    "call": "Call the clinic",
    "after_hours": "Call after hours",
}

HEADLINES = {
    "emergency": "Call {emergency} now",
    "emergency_low_sugar": "Take sugar now",
    "call_today": "Call the clinic today",
    "watch": "Look again soon",
    "info": "Look after yourself",
}

CALL = "Call {clinic} today at {phone}. If they are closed, call {after_hours}."
CALL_IF_NO_AFTER_HOURS = "Call {clinic} today at {phone}."
EMERGENCY = "Call {emergency} now. Do not wait for the clinic to call you. Do not drive yourself."
CARRY_ON = (
    "Your answers show no sign that needs a call. Rest when you need to. "
    "Come back for your next check-in. Tell us at once if something changes."
)
FOOT = "No one watches this app all day and night. In an emergency, call {emergency}."

# What to do about each rule, after the line that its tier asks for.
ADVICE = {
    "EM-BREATH": "Sit up. Stay with someone until help comes.",
    "EM-ANAPH": "Use your own allergy pen if a doctor gave you one. Lie down with your legs up.",
    "EM-CHEST": "Sit down and rest until help comes.",
    "EM-CAUDA": "You need an emergency room now. Let someone else take you there.",
    "EM-WEAK": "You need an emergency room now. Do not walk alone.",
    "EM-NEURO": "Ask someone to stay with you until help comes.",
    "EM-LAST": "Sit down. Ask someone to stay with you.",
    "EM-FAINT": "Lie down and stay down until help comes.",
    "EM-BLEED": "Keep pressing hard on the spot until help comes.",
    "EM-SEPSIS": "These signs together need help at once. Ask someone to stay with you.",
    "EM-MENING": "You need an emergency room now. Let someone else take you there.",
    "GL-VLOW": (
        "Your blood sugar is too low. Eat or drink 15 grams of sugar now, like half a cup of "
        "juice. Test again in 15 minutes. If you use a sensor, test with a finger stick too. "
        "Call {emergency} if you feel confused, cannot swallow, or it stays low."
    ),
    "GL-DKA": "You need an emergency room now. Take your meter with you.",
    "GL-HI": (
        "Your meter could not read so much sugar. Wash your hands and test again now. "
        "Call {emergency} if it says HI again."
    ),
    "GL-HI-AGAIN": "You need an emergency room now. Take your meter with you.",
    "FV-FEVER": (
        "You have a fever. Go to the emergency room if you feel very sick or confused, "
        "or have trouble breathing."
    ),
    "FV-FEVER-LATE": (
        "You have a fever. The shot was a month ago or more. Call your regular doctor too."
    ),
    "FV-CHILLS": "You have shaking chills. Take your temperature now and tell us what it says.",
    "ST-RED": "The skin where you got the shot needs a look. Do not press on it. Keep it clean.",
    "ST-SWELL": "The swelling where you got the shot needs a look. Do not press on it.",
    "ST-DRAIN": "Fluid is coming from the spot. Cover it. Keep it clean and dry.",
    "ST-WARM": "The skin where you got the shot is warm. It needs a look. Do not press on it.",
    "PN-SEVERE": (
        "Your pain is bad and will not settle. Rest. Take your usual medicine as your doctor told "
        "you."
    ),
    "PN-PERSIST": "Your pain has lasted too long. The clinic wants to know.",
    "PN-RISE": "Your pain went down and came back. The clinic wants to know.",
    "GL-VHIGH": (
        "Your blood sugar is much too high. Call your diabetes doctor now. Drink water. "
        "Call {emergency} if you throw up, feel confused, or have trouble breathing."
    ),
    "GL-HIGH": (
        "Your blood sugar is very high. Call your diabetes doctor today. Drink water. "
        "Test again in 2 hours. If you use insulin, test for ketones. "
        "Call {emergency} if you throw up, feel confused, or have trouble breathing."
    ),
    "GL-LOW2": (
        "Your blood sugar is low again. Eat or drink 15 grams of sugar now, like half a cup of "
        "juice. Test again in 15 minutes. Call your diabetes doctor today."
    ),
    "GL-PERSIST": "Your blood sugar has been high for some days. Call your diabetes doctor today.",
    "AL-HIVES": (
        "You have a rash. Call now. Call {emergency} if your face swells or you have "
        "trouble breathing."
    ),
    "FA-FAINT": "You fainted. Lie down. Get up slowly. Do not drive today.",
    "BL-SOAK": "Press hard on the spot for 10 minutes. Put on a clean bandage.",
    "NE-NUMB": "The numb feeling should be gone by now. Take care when you walk.",
    "HD-SEVERE": "You have a bad headache. Lie flat. Drink water.",
    "OT-OTHER": "Thank you for telling us. The clinic wants to talk about it today.",
    "OT-OTHER-WAIT": (
        "Thank you for telling us. The clinic reads it on the next work day. Call if it gets worse."
    ),
    "FV-LOW": "You are a bit warm. Measure again in 4 hours, before you take more fever medicine.",
    "FV-FEVER-WAIT": "You have a fever. Measure again in 4 hours and tell us.",
    "FV-NOTEMP": "Find a thermometer. Measure your temperature within 1 hour and tell us.",
    "ST-RED-WATCH": (
        "A little redness can be normal at first. Put ice in a cloth on it for 20 minutes. "
        "Look again at your next check-in."
    ),
    "ST-SWELL-WATCH": (
        "A little swelling can be normal at first. Put ice in a cloth on it for 20 minutes. "
        "Look again at your next check-in."
    ),
    "PN-FLARE": (
        "More pain in the first days can be normal. Rest. Put ice in a cloth on the spot for "
        "20 minutes. We will ask you again."
    ),
    "PN-PERSIST-WATCH": "Your pain has not gone yet. Rest. We will ask you again tomorrow.",
    "NE-EARLY": "Do not walk alone. Hold on to something. Look again 12 hours after the shot.",
    "GL-240": (
        "Your blood sugar is high. Drink water. Test again in 4 hours. "
        "If you use insulin or feel ill, test for ketones."
    ),
    "GL-DELTA": (
        "Your blood sugar is higher than your usual. This can follow the shot. Keep testing."
    ),
    "GL-LOW1": (
        "Your blood sugar is low. Eat or drink 15 grams of sugar now, like half a cup of juice. "
        "Test again in 15 minutes."
    ),
    "GL-NODM": "Your blood sugar is higher than it should be. Tell your doctor.",
    "IN-SORE": "Some soreness is normal after the shot.",
    "IN-FLUSH": "A red, warm face can follow the shot. It goes away in a few days.",
    "IN-BRUISE": "A bruise or a small spot is normal after the shot.",
    "IN-NUMB": "Your skin can stay numb for some hours. Take care with hot and cold things.",
    "SI-SILENT": "We have not heard from you. Please check in now, even if you feel well.",
    "QU-UNANSWERED": "Please answer our question now. We need to be sure about your number.",
}
