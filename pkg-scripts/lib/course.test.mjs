// Tests how a course is described. Whether the descriptions are valid is tested by pkg-scripts/check-learning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTIONS, escape } from './course.mjs';

const course = { title: 'A & <b> "c"', id: 'https://example.com/a?b&c', version: '1.0.0', names: ['index.html', 'a b.js'], descriptions: { en: '<d>' }, schemasIncluded: false };

test('what is special in XML is written so that it is not, and what XML cannot hold is refused', () => {
  assert.equal(escape(`<a b='c' d="e">&`), '&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;');
  for (const wrong of ['\0', '\x1b', '\ufffe', '\ud800']) assert.throws(() => escape(wrong), RangeError);
});

test('titles and names of files are escaped, and schemas are named only where they are included', () => {
  for (const { write } of Object.values(DESCRIPTIONS)) {
    const xml = write(course);
    assert.ok(xml.includes('A &amp; &lt;b&gt; &quot;c&quot;'));
    assert.ok(!xml.includes('schemaLocation'));
  }
  assert.match(DESCRIPTIONS.scorm12.write(course), /<file href="a%20b.js"\/>/);
  assert.match(DESCRIPTIONS.scorm2004.write({ ...course, schemasIncluded: true }), /imscp_v1p1\.xsd/);
});

test('a course keeps its name with an update, and another one has another', () => {
  const name = (id, version) => /manifest identifier="([^"]+)"/.exec(DESCRIPTIONS.scorm12.write({ ...course, id, version }))[1];
  assert.equal(name('urn:x:1', '1'), name('urn:x:1', '2'));
  assert.notEqual(name('urn:x:1', '1'), name('urn:x:2', '1'));
});
