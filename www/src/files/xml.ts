/** Parses XML event by event, within the limit on depth; what the elements mean is left to the readers. */
import { Parser } from 'saxen';
import { withinLimit } from './limits';

type Attributes = () => Record<string, string>;

export interface XmlHandlers {
  readonly open?: (element: string, attributes: Attributes) => void;
  readonly close?: (element: string) => void;
  /** Gets the text with its entities, and what decodes them. */
  readonly text?: (text: string, decode: (text: string) => string) => void;
}

/** Throws a LimitExceeded, an error of a handler, or an Error if the XML is damaged. */
export function parseXml(xml: string, { open, close, text }: XmlHandlers): void {
  let depth = 0;
  const parser = new Parser();
  parser.on('openTag', (element, attributes) => {
    withinLimit('depth', ++depth);
    open?.(element, attributes);
  });
  parser.on('closeTag', (element) => {
    depth--;
    close?.(element);
  });
  if (text) parser.on('text', text);
  parser.on('error', (error) => {
    throw error;
  });
  parser.parse(xml);
}
