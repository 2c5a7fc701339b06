"""English: what the screens ask people to do, the most urgent thing first."""

from __future__ import annotations

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
    "before": "Saved",
    "doubt": "Please check one number",
}

LINES = {
    "call": "Call {clinic} today at {phone}. If they are closed, call {after_hours}.",
    "call_only": "Call {clinic} today at {phone}.",
    "emergency": (
        "Call {emergency} now. Do not wait for the clinic to call you. Do not drive yourself."
    ),
    "carry_on": (
        "Nothing that you told us needs a call. Rest when you need to. "
        "Come back for your next check-in. Tell us at once if something changes."
    ),
    "doubt": (
        "One of your numbers may be a mistake. Please look again and answer the question. "
        "Call the clinic now if the number is right."
    ),
    "before": (
        "This is how you were before the procedure. We did not look for warning signs in it."
    ),
    "ice": "Put ice in a cloth on the spot for 20 minutes. ",
    "very_ill": "Call {emergency} if you feel very ill.",
    "foot": "No one watches this app all day and night. In an emergency, call {emergency}.",
}

# What to do about each rule, after the line that its tier asks for.
ADVICE = {
    "EM-BREATH": "Sit up. Stay with someone until help comes.",
    "EM-ANAPH": "Use your own allergy pen if a doctor gave you one. Stay with someone.",
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
        "Your pain is bad and will not settle. Rest. {ice}Take your usual medicine as your doctor "
        "told you."
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
    "FA-FAINT": "You fainted. Lie down. Get up slowly.",
    "BL-SOAK": "Press hard on the spot for 10 minutes. Put on a clean bandage.",
    "NE-NUMB": "The numb feeling should be gone by now. Take care when you walk.",
    "HD-SEVERE": "You have a bad headache. Lie flat until you have talked to the clinic.",
    "OT-OTHER": "Thank you for telling us. The clinic wants to talk about it today.",
    "OT-OTHER-WAIT": (
        "Thank you for telling us. The clinic reads it on the next work day. Call if it gets worse."
    ),
    "FV-LOW": "You are a bit warm. Measure again in 4 hours, before you take more fever medicine.",
    "FV-FEVER-WAIT": "You have a fever. Measure again in 4 hours and tell us.",
    "FV-NOTEMP": "Find a thermometer. Use it within 1 hour and tell us what it says.",
    "ST-RED-WATCH": (
        "A little redness can be normal at first. {ice}Look again at your next check-in."
    ),
    "ST-SWELL-WATCH": (
        "A little swelling can be normal at first. {ice}Look again at your next check-in."
    ),
    "PN-FLARE": ("More pain in the first days can be normal. Rest. {ice}We will ask you again."),
    "PN-PERSIST-WATCH": "Your pain has not gone yet. Rest. We will ask you again tomorrow.",
    "NE-EARLY": "Do not walk alone. Hold on to something. We will ask you again.",
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
