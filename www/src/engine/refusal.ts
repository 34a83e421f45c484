/** Why an answer of a server is not the file that was asked for. */
import { isPage } from '../component/fetch-file';
import type { Failure, FailureCode } from './contract';

/**
 * The failure that an answer is, or undefined if it is the file.
 * @param absent what it means if there is no such file
 */
export function refusal(
  response: Response,
  url: string,
  absent: FailureCode = 'not_found',
): Failure | undefined {
  const { status } = response;
  const failure = (code: FailureCode, problem: string): Failure => ({
    code,
    message: `${url} answered with ${problem}`,
    detail: { url, status },
  });
  if (status === 404 || status === 410) return failure(absent, `status ${status}`);
  if (!response.ok) return failure('server_error', `status ${status}`);
  return isPage(response) ? failure('web_page', 'a web page') : undefined;
}
