// Two short tones for a new emergency. A browser that was not touched yet stays silent.

const TONES = [880, 660]; // Hz
const LASTS = 0.18; // seconds

export function beep() {
  const context = new AudioContext();
  for (const [number, pitch] of TONES.entries()) sound(context, pitch, number * LASTS * 1.4);
  setTimeout(() => context.close(), 2000);
}

function sound(context, pitch, after) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const starts = context.currentTime + after;
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.2, starts);
  volume.gain.exponentialRampToValueAtTime(0.001, starts + LASTS);
  tone.connect(volume).connect(context.destination);
  tone.start(starts);
  tone.stop(starts + LASTS);
}
