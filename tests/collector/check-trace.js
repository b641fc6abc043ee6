// Checks a trace of tests/collector/trace.c: its form, and what has to be in it.
//
// usage: node check-trace.js FILE [few]      prints "ok NAME" or "not ok NAME: why" lines
//        few: the trace was made with too few descriptors
'use strict';
const fs = require('fs');
const zlib = require('zlib');

let bytes = fs.readFileSync(process.argv[2]);
if (bytes[0] === 0x1f)
  bytes = zlib.gunzipSync(bytes);
const trace = JSON.parse(new TextDecoder('utf-8', {fatal : true}).decode(bytes));
const few = process.argv[3] === 'few';
const events = trace.traceEvents;
const other = trace.otherData;
const CPUS = 5000001, NOT_RUNNING = 5000002;

function check(name, holds, why) {
  console.log(holds ? `ok ${name}` : `not ok ${name}: ${why}`);
}

const names = new Map();
for (const e of events)
  if (e.ph === 'M' && e.name === 'thread_name' && e.pid === other.pid)
    names.set(e.tid, e.args.name);
const threadOf = (e) => names.get(e.tid);
const tidOf = (name) => [...names].filter(([ , n ]) => n === name).map(([ tid ]) => tid)[0];

// every event has what its phase needs
const needs = {
  B : [ 'ts', 'name', 'cat' ],
  E : [ 'ts', 'name' ],
  X : [ 'ts', 'dur', 'name', 'cat' ],
  b : [ 'ts', 'name', 'cat', 'id' ],
  e : [ 'ts', 'name', 'cat', 'id' ],
  i : [ 'ts', 'name', 's' ],
  M : [ 'name', 'args' ],
};
const odd = events.find((e) => !needs[e.ph] || !Number.isInteger(e.pid) || !Number.isInteger(e.tid) ||
                               needs[e.ph].some((key) => e[key] === undefined) || e.ts < 0 || e.dur < 0);
check('every event is whole', !odd, JSON.stringify(odd));
check('names of threads', [ 'sleeper', 'nested', 'taker', 'interrupted', 'locker' ].every(tidOf),
      [...names.values()].join(' '));

// regions: ends match beginnings, in order of time, and all of them are ended
const open = new Map();
const counts = new Map();
let wrong = null, last = new Map();
for (const e of events) {
  if (e.ph !== 'B' && e.ph !== 'E')
    continue;
  const stack = open.get(e.tid) || [];
  open.set(e.tid, stack);
  if (e.ts < (last.get(e.tid) || 0))
    wrong = wrong || e;
  last.set(e.tid, e.ts);
  if (e.ph === 'B') {
    stack.push(e.name);
    const path = `${threadOf(e)}: ${stack.join('/')}`;
    counts.set(path, (counts.get(path) || 0) + 1);
  } else if (stack.pop() !== e.name) {
    wrong = wrong || e;
  }
}
check('regions nest', !wrong, JSON.stringify(wrong));
check('regions end', [...open.values()].every((s) => !s.length), 'one is open');
const outer = counts.get('nested: outer') || 0;
const inner = counts.get('nested: outer/inner "quoted" \x01 \ufffd') || 0;
check('none of the quiet ones is lost', outer === 1000 && inner === 1000, `${outer} ${inner}`);
check('an open region', counts.get('nested: open at the end') === 1, [...counts.keys()].join(', '));
check('an end of nothing is no end', !events.some((e) => e.ph === 'E' && threadOf(e) === 'trace' && e.name === ''), '');
const logs = events.filter((e) => e.ph === 'i' && e.cat === 'count' && e.name === 'a log').length;
check('logs', logs === 1000, logs);
const work = counts.get('interrupted: work') || 0;
check('regions that handlers interrupt', work === 2000, work);
check('no region of the child', ![...counts.keys()].some((k) => k.includes('child')), '');

// tasks: from thread to thread
const tasks = (phase, name) => events.filter((e) => e.ph === phase && e.name === name && e.cat === 'task');
const [begin] = tasks('b', 'a task'), [end] = tasks('e', 'a task');
check('a task begins here and ends there',
      begin && end && begin.id === end.id && threadOf(begin) === 'trace' && threadOf(end) === 'taker' && begin.ts < end.ts,
      JSON.stringify([ begin, end ]));
const half = events.filter((e) => e.ph === 'B' && e.args && begin && e.args.task === begin.id).map((e) => threadOf(e));
check('regions of a task', half.join() === 'taker', half.join());
const [part] = tasks('b', 'part');
check('a task of a task', part && part.args.parent === begin.id, JSON.stringify(part));
check('every task ends', tasks('e', 'never ended').length === 1, '');

// waits
const [wait] = events.filter((e) => e.ph === 'X' && e.cat === 'wait' && threadOf(e) === 'locker');
check('a wait for a lock', wait && wait.dur > 1000 && wait.dur < 1e6, JSON.stringify(wait));

// switches
const rows = new Map();
for (const e of events.filter((e) => e.ph === 'X' && e.cat === 'sched')) {
  const row = `${e.pid} ${e.tid}`;
  rows.set(row, (rows.get(row) || []).concat([ e ]));
}
let overlap = null;
for (const row of rows.values()) {
  row.sort((a, b) => a.ts - b.ts);
  for (let i = 1; i < row.length; i++)
    if (row[i - 1].ts + row[i - 1].dur > row[i].ts + 0.002) // to a nanosecond, as it is printed
      overlap = overlap || [ row[i - 1], row[i] ];
}
check('nothing runs twice at a time', !overlap, JSON.stringify(overlap));
if (few) {
  check('threads that are not watched are told', other.threads_with_switches < other.threads &&
        /^not recorded for \d+ threads: Too many open files$/.test(other.switches), JSON.stringify(other));
} else if (other.threads_with_switches === 0) {
  check('why there are no switches', /^not recorded for \d+ threads: .+$/.test(other.switches), other.switches);
} else {
  check('all threads are watched', other.switches === 'recorded for all threads' && other.threads >= 6, JSON.stringify(other));
  const sleeper = tidOf('sleeper');
  const slept = events.filter((e) => e.pid === NOT_RUNNING && e.tid === sleeper && e.name === 'waits').length;
  const ran = events.filter((e) => e.pid === CPUS && e.args && e.args.tid === sleeper).length;
  check('a thread that sleeps 20 times is off 20 times', slept >= 20, slept);
  check('and runs in between', ran >= 20, ran);
  // where a thread's events are, it runs
  const first = events.find((e) => e.ph === 'B' && e.name === 'second half');
  const taker = tidOf('taker');
  check('who has an event runs', events.some((e) => e.pid === CPUS && e.args && e.args.tid === taker &&
        e.ts <= first.ts && first.ts <= e.ts + e.dur), JSON.stringify(first));
}
check('no switch is lost', other.lost_switches === 0, other.lost_switches);
const said = events.filter((e) => e.ph === 'i' && /^cpprof: \d+ events are lost$/.test(e.name)).length;
check('losses are said', said === (other.lost_events ? 1 : 0), `${said} ${other.lost_events}`);
check('a handler on top of an event may lose its own', other.lost_events < 4000, other.lost_events);
