// The sentences scripts say, in the reader's language: <meta name="portavoce-words">.
const source = document.querySelector('meta[name="portavoce-words"]')?.content ?? "{}";

export const words = JSON.parse(source);

/** `fill("due in {time}", {time: "2 minutes"})` */
export const fill = (sentence, values) =>
  (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const count = (n, one, many) => (n === 1 ? words[one] : fill(words[many], { n }));
