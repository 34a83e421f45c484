/** The interview, in a chunk of its own: only an interviewer needs it. */
import '../interview/interview';
