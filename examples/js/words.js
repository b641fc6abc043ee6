// Counts and sorts made-up words, as ../cpp/words.cc does, for a profile of V8's.
'use strict';

function* letters(seed) {
  for (let state = seed; ; state = (state * 1103515245 + 12345) % 2147483648) {
    yield String.fromCharCode(97 + (state >> 16) % 26);
  }
}

function makeWord(source, length) {
  let word = '';
  for (let i = 0; i < length; i++) word += source.next().value;
  return word;
}

function makeWords(count) {
  const source = letters(42);
  const words = [];
  for (let i = 0; i < count; i++) words.push(makeWord(source, 2 + i % 3));
  return words;
}

function countWords(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) || 0) + 1);
  return counts;
}

function sortByCount(counts) {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

let most;
for (let round = 0; round < 8; round++) most = sortByCount(countWords(makeWords(40000)))[0];
console.log(most.join(' '));
