// part: comparison
// The second half of measure-login.sh: compares the counts of two runs, as `llvm-cov export` writes them.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The count of each region of the code, summed over the instances of a generic function. */
function countsOf(path) {
  const counts = new Map();
  const [{ functions }] = JSON.parse(readFileSync(path, 'utf8')).data;
  for (const { filenames, regions } of functions) {
    for (const [firstLine, firstColumn, lastLine, lastColumn, count, file, , kind] of regions) {
      const name = relative('.', filenames[file]);
      // Kind 0 is code. The others are expansions, skipped text and gaps.
      if (kind !== 0 || name.startsWith('..')) continue;
      const place = JSON.stringify([name, firstLine, firstColumn, lastLine, lastColumn]);
      counts.set(place, (counts.get(place) ?? 0) + count);
    }
  }
  return counts;
}

/** The lines of a file without its tests. */
function linesOf(path) {
  const text = readFileSync(path, 'utf8');
  const tests = text.search(/^#\[cfg\(test\)\]\nmod \w+ \{/m);
  const lines = (tests < 0 ? text : text.slice(0, tests)).replaceAll(/^#\[cfg\(test\)\]\nmod \w+;\n/gm, '').trimEnd().split('\n');
  return { all: lines.length, code: lines.filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length };
}

const [without, withLogin] = process.argv.slice(2).map(countsOf);
const executed = new Map();
for (const [place, count] of withLogin) {
  if (count <= (without.get(place) ?? 0)) continue;
  const [name, firstLine, , lastLine] = JSON.parse(place);
  const lines = executed.get(name) ?? new Set();
  for (let line = firstLine; line <= lastLine; line++) lines.add(line);
  executed.set(name, lines);
}

const row = (...cells) => console.log(cells.map((cell) => String(cell).padStart(8)).join(''));
console.log('Lines without tests: those of the login, those of code, and all with the comments.');
row('login', 'code', 'all', '  file');
const total = { executed: 0, code: 0, all: 0 };
for (const [name, lines] of [...executed].sort(([a], [b]) => a.localeCompare(b))) {
  const { code, all } = linesOf(name);
  row(lines.size, code, all, `  ${name}`);
  total.executed += lines.size;
  total.code += code;
  total.all += all;
}
row(total.executed, total.code, total.all, `  in ${executed.size} files`);
