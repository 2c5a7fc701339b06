// Judges a check-in without the server, by the data of tracker/clinical/offline. What this phone
// cannot know counts as if it were so: it may say more than the server would, never less.

const [INFO, WATCH, EMERGENCY] = [0, 1, 3];
const NUMBER = /^(\d{1,6})(?:[.,](\d{1,2}))?$/;

export function advise(data, answers, hoursSinceT0) {
  const reading = read(data, answers);
  const found = counting(data, reading, hoursSinceT0);
  const { questions } = reading;
  const urgent = questions.find(({ code }) => code === "ask_unit_urgent");
  if (urgent) found.push({ ...data.unanswered, because: urgent.detail });
  found.sort((one, other) => other.tier - one.tier);
  const tier = found[0]?.tier ?? INFO;
  const { name, headline, actions } = data.tiers[tier];
  const own = ownHeadline(found, tier);
  return {
    tier: name,
    headline: tier === INFO && questions.length ? questions[0].detail : own ?? headline,
    text: textOf(data, found, tier, own, questions),
    actions,
    reasons: found.map((each) => reasonOf(data, each, reading, hoursSinceT0)),
    questions,
  };
}

// Only where nothing else of the same tier was found: low sugar alone needs sugar before a call.
function ownHeadline(found, tier) {
  const top = found.filter((each) => each.tier === tier);
  return top.every((each) => each.headline) ? top[0]?.headline : undefined;
}

function textOf(data, found, tier, own, questions) {
  const { lead, echo, close } = data.tiers[tier];
  // In an emergency nothing else is asked of the patient: of the rest the reasons stand alone.
  const from = tier === EMERGENCY ? EMERGENCY : Math.min(tier, WATCH);
  const acted = found.filter((each) => each.tier >= from);
  const lines = [own ? "" : lead, ...acted.map((each) => each.text)];
  lines.push(own ? "" : echo, ...acted.map((each) => each.echo));
  lines.push(questions.length ? data.very_ill : close);
  return [...new Set(lines.filter(Boolean)), data.foot].join("\n");
}

function counting(data, reading, hours) {
  const best = new Map();
  data.rules.forEach((rule, rank) => {
    // Before the procedure the server keeps a baseline; an emergency is one all the same.
    if (hours !== null && hours < 0 && rule.tier < EMERGENCY) return;
    const before = best.get(rule.sign);
    if (before && before.tier >= rule.tier) return;
    if (holds(rule.when, reading, hours)) best.set(rule.sign, { ...rule, rank });
  });
  return [...best.values()].sort((one, other) => one.rank - other.rank);
}

function holds(condition, reading, hours) {
  if (condition.of) {
    return condition.of.filter((part) => holds(part, reading, hours)).length >= condition.at_least;
  }
  if (condition.no) return !holds(condition.no, reading, hours);
  if (condition.hours || "seen" in condition) return hours === null || inTime(condition, hours);
  if (condition.measured) return inRange(condition, reading[condition.measured]);
  if (condition.shows) return reading.glucose?.[condition.shows] === true;
  if (condition.other) return reading.other !== null && condition.other.includes(reading.other);
  const answer = reading.says(condition.item);
  if (condition.is) return condition.is.includes(answer);
  return score(answer) >= condition.from && score(answer) <= (condition.to ?? Infinity);
}

function inTime({ hours: side, h, seen, within, apart }, hours) {
  if (within !== undefined) return seen >= hours - within;
  if (apart !== undefined) return hours - seen >= apart;
  return { from: hours >= h, after: hours > h, until: hours <= h, before: hours < h }[side];
}

function inRange({ from, below, above }, quantity) {
  if (!quantity) return false;
  const { number, unit } = quantity;
  if (from) return number >= from[unit];
  if (below) return number < below[unit];
  return above ? number > above[unit] : true;
}

function score(answer) {
  return typeof answer === "boolean" || answer === null || answer === undefined
    ? NaN
    : Number(String(answer).replace("/10", ""));
}

function read(data, answers) {
  const questions = [];
  return {
    questions,
    temperature: quantityOf(data, "temperature", answers.temperature, questions),
    glucose: quantityOf(data, "glucose", answers.glucose, questions),
    other: answers.other ? answers.other.urgency ?? "unsure" : null,
    says(item) {
      const [part, field] = item.split(".");
      return field ? answers[part]?.[field] : answers.symptoms?.[item];
    },
  };
}

// Whole hundredths in the unit typed, so that nothing is rounded and no limit moves.
function quantityOf(data, name, part, questions) {
  if (part?.value === undefined || part.value === null) return null;
  const known = data.numbers[name];
  const unit = part.unit in known ? part.unit : Object.keys(known)[0];
  if (part.value === "HI" || part.value === "LO") return wordOf(data, part, unit);
  const typed = String(part.value).trim().replace(",", ".");
  const [, whole, parts = ""] = NUMBER.exec(typed) ?? [];
  const number = whole === undefined || part.unit !== unit ? 0 : Number(whole + parts.padEnd(2, "0"));
  const lines = known[unit][number % 100 ? "parts" : "whole"];
  const [, outcome] = lines.filter(([from]) => number >= from).pop();
  if (!outcome) return { number, unit, typed: `${typed} ${data.units[unit]}` };
  const detail = outcome.detail.replaceAll("{value}", typed);
  questions.push({ pointer: `/${name}`, code: outcome.code, detail });
  return null;
}

function wordOf(data, { value, device }, unit) {
  const meterHi = value === "HI" && device !== "cgm";
  const high = meterHi ? Infinity : data.sensor_high[unit];
  return { number: value === "LO" ? 0 : high, unit, typed: value, word: true, meter_hi: meterHi };
}

function reasonOf(data, { rule, sign, tier, ...found }, reading, hours) {
  const measured = found.limits && ("Cel" in found.limits ? reading.temperature : reading.glucose);
  const facts = {
    value: measured ? measured.typed : score(reading.says(found.symptoms?.[0] ?? "")),
    limit: found.limits?.[measured?.unit],
    hours: hours === null ? "?" : Math.trunc(hours * 10) / 10,
    symptoms: listed(data, [...(found.also ?? []), ...named(data, found.symptoms ?? [], reading)]),
  };
  const said = found.because.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "?");
  return { rule, sign, tier: data.tiers[tier].name, because: said[0].toUpperCase() + said.slice(1) };
}

function named(data, items, reading) {
  return items.flatMap((item) => {
    const answer = reading[item]?.typed ?? reading.says(item);
    if (answer === undefined || answer === null || answer === false || answer === "none") return [];
    const name = data.items[item] ?? item;
    return answer === true ? [name] : [`${name} (${data.values[answer] ?? answer})`];
  });
}

function listed(data, names) {
  if (names.length < 2) return names.join("");
  const last = names[names.length - 1];
  const joint = data.language === "es" && /^h?i/i.test(last) ? "e" : data.and;
  return `${names.slice(0, -1).join(", ")} ${joint} ${last}`;
}
