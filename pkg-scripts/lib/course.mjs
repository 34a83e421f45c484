// Describes a content package to learning platforms: imsmanifest.xml of SCORM 1.2 and SCORM 2004 (4th edition), and cmi5.xml.
import { createHash } from 'node:crypto';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A text or the value of an attribute in XML. Throws a RangeError if it has characters that XML cannot hold. */
export function escape(text) {
  // eslint-disable-next-line no-control-regex -- these are what XML 1.0 excludes
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed()) throw new RangeError(`${JSON.stringify(text)} has characters that XML cannot hold`);
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

/** An identifier in XML, which may not begin with a digit nor have a colon. */
const identifier = (id) => `salesmirror-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;

const files = (names) => names.map((name) => `      <file href="${escape(encodeURI(name))}"/>`).join('\n');

const schemas = (pairs, present) => (present ? `\n    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n    xsi:schemaLocation="${pairs.join('\n      ')}"` : '');

/** @param schemasIncluded whether the schemas lie beside the manifest, so that it may name them */
function scorm12({ title, id, version, names, schemasIncluded }) {
  const locations = ['http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd', 'http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd'];
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${identifier(id)}" version="${escape(version)}"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"${schemas(locations, schemasIncluded)}>
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${escape(title)}</title>
      <item identifier="activity" identifierref="page">
        <title>${escape(title)}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="index.html">
${files(names)}
    </resource>
  </resources>
</manifest>
`;
}

/**
 * "Set by content" in both: otherwise a platform takes an activity of which it was told nothing for passed when it is left,
 * and an assessment is no test.
 */
function scorm2004({ title, id, version, names, schemasIncluded }) {
  const locations = [
    'http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd',
    'http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd',
    'http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd',
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${identifier(id)}" version="${escape(version)}"
    xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss"${schemas(locations, schemasIncluded)}>
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>2004 4th Edition</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${escape(title)}</title>
      <item identifier="activity" identifierref="page">
        <title>${escape(title)}</title>
        <imsss:sequencing>
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormType="sco" href="index.html">
${files(names)}
    </resource>
  </resources>
</manifest>
`;
}

function cmi5({ title, id, descriptions }) {
  const strings = (texts) => Object.entries(texts).map(([language, text]) => `<langstring lang="${language}">${escape(text)}</langstring>`).join('');
  const about = `
    <title>${strings({ en: title })}</title>
    <description>${strings(descriptions)}</description>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="${escape(id)}">${about}
  </course>
  <au id="${escape(id)}#activity" moveOn="Completed" launchMethod="AnyWindow">${about}
    <url>index.html</url>
  </au>
</courseStructure>
`;
}

/** Each standard's file that describes a package, and what writes it. */
export const DESCRIPTIONS = {
  scorm12: { name: 'imsmanifest.xml', write: scorm12 },
  scorm2004: { name: 'imsmanifest.xml', write: scorm2004 },
  cmi5: { name: 'cmi5.xml', write: cmi5 },
};
