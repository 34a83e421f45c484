// Plays a content package as a learning platform does. The query has the `standard`, and as `cmi` what the platform knows
// from an earlier session, as JSON.
const query = new URLSearchParams(location.search);
const standard = query.get('standard');
const settings = { lmsCommitUrl: `/commit/${standard}`, autocommit: false, logLevel: 3 };

const api = standard === 'scorm12' ? new Scorm12API(settings) : new Scorm2004API(settings);
const cmi = query.get('cmi');
if (cmi) api.loadFromJSON(JSON.parse(cmi), '');
window[standard === 'scorm12' ? 'API' : 'API_1484_11'] = api;

const frame = document.createElement('iframe');
frame.name = 'content';
frame.width = '1200';
frame.height = '800';
frame.src = `/course/${standard}/index.html`;
document.body.append(frame);
