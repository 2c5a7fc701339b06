// Reads the check-in form into the body that the rules read, as tracker/pages/check_in_form.py does.

export function answersOf(fields, { groups, normal_site: normal }) {
  const get = (name) => (fields.get(name) ?? "").trim();
  const told = (name) => ticked(groups[name], fields.getAll(name));
  return filled({
    pain: pain(get),
    temperature: quantity(get, "temperature", "[degF]"),
    glucose: glucose(get),
    site: site(get, normal),
    symptoms: symptoms(get, told),
    other: get("text") ? { text: get("text"), urgency: get("urgency") || null } : {},
  });
}

// Whoever ticks a sign and "none" means the sign; the first tick of an item has the last word.
function ticked(ticks, names) {
  const said = {};
  for (const { name, item, yes } of [...ticks].reverse()) if (names.includes(name)) said[item] = yes;
  if (Object.keys(said).length || !names.includes("none")) return said;
  return Object.fromEntries(ticks.filter(({ no }) => no !== null).map(({ item, no }) => [item, no]));
}

function pain(get) {
  return known({
    usual: whole(get("usual")),
    site: whole(get("site")),
    controlled: yesNo(get("controlled")),
    worse_than_before: yesNo(get("worse")),
  });
}

function quantity(get, name, unit) {
  const value = get(name).replaceAll(",", ".");
  return value ? { value, unit: get(`${name}_unit`) || unit } : {};
}

function glucose(get) {
  const word = ["HI", "LO"].includes(get("glucose_reads")) && get("glucose_reads");
  const value = word ? { value: word, unit: get("glucose_unit") || "mg/dL" } : quantity(get, "glucose", "mg/dL");
  return value.value ? known({ ...value, device: get("glucose_device") || undefined }) : {};
}

function site(get, normal) {
  const yes = (name) => (get(name) ? true : undefined);
  return {
    ...(get("site_look") === "normal" ? normal : {}),
    ...known({
      redness: whole(get("redness")),
      swelling: whole(get("swelling")),
      drainage: get("drainage") || undefined,
      trend: get("trend") || undefined,
      warmth: yes("warmth"),
      streaks: yes("streaks"),
      bruise: yes("bruise"),
    }),
  };
}

function symptoms(get, told) {
  const said = {
    ...told("other"),
    ...told("first_hours"),
    ...told("feeling"),
    ...told("fever"),
    ...known({ ketones: get("ketones") || undefined }),
    ...told("emergency"),
  };
  if (get("soaked") && said.bleeding !== "not_stopping") said.bleeding = "soaking";
  if (!said.faint) return said;
  return { ...said, ...told("faint_more"), ...known({ faint_recovered: yesNo(get("faint_recovered")) }) };
}

const whole = (typed) => (typed ? Number(typed) : undefined);
const yesNo = (said) => (said ? said === "yes" : undefined);
const known = (said) => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
const filled = (body) => Object.fromEntries(Object.entries(body).filter(([, part]) => Object.keys(part).length));
