// What may stand at a place of a SPARQL query: keywords, variables of the query, and words of the graph.
import {pickedCompletion} from '@codemirror/autocomplete';
import {syntaxTree} from '@codemirror/language';

const KEYWORDS = `ASK ASC BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING
  LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT UNDEF UNION VALUES WHERE`.split(/\s+/);
const FUNCTIONS = `ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
  GROUP_CONCAT HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH
  NOW RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT
  STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE UUID YEAR`.split(/\s+/);
const FIXED = [
  ...KEYWORDS.map(label => ({label, type: 'keyword'})),
  ...FUNCTIONS.map(label => ({label, type: 'function', apply: `${label}(`})),
];
const WORD = /[?$]?[\p{L}\p{N}_:.'’-]+|[?$]/u;
const VARIABLE = /[?$][\p{L}\p{N}_]+/gu;
const OPEN_IRI = /<[^\s<>"{}|^`\\]*$/;

/** Make the source of completions; `words` answers with what the server knows: prefixes and terms. */
export function completionSource(words) {
  return async context => {
    const word = context.matchBefore(WORD);
    if ((!word && !context.explicit) || !isCode(context)) return null;
    const from = word ? word.from : context.pos;
    if (word && /^[?$]/.test(word.text)) return {from, options: variables(context.state.doc, from), validFor: WORD};
    const known = await words();
    if (context.aborted) return null;
    return {from, options: [...FIXED, ...known], validFor: /^[\p{L}\p{N}_:.'’-]*$/u};
  };
}

/** Make completions of the server's answer: each term by its name, and by its label in the reader's language. */
export function completionsOf({prefixes, terms}) {
  const found = Object.entries(prefixes).map(([prefix, namespace]) => ({
    label: `${prefix}:`, detail: namespace, type: 'namespace', apply: insertName(`${prefix}:`, prefixes),
  }));
  for (const {name, kind, label, about} of terms) {
    const apply = insertName(name, prefixes);
    found.push({label: name, detail: label, info: about, type: kind, apply});
    if (label) found.push({label, detail: name, info: about, type: kind, apply, boost: -1});
  }
  return found;
}

function isCode(context) {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  const line = context.state.doc.lineAt(context.pos);
  return !/^(comment|string)/.test(node) && !OPEN_IRI.test(line.text.slice(0, context.pos - line.from));
}

/** The variables of a query, without the one that is being written. */
function variables(doc, from) {
  const others = [...doc.toString().matchAll(VARIABLE)].filter(found => found.index !== from);
  return [...new Set(others.map(found => found[0]))].map(label => ({label, type: 'variable'}));
}

function insertName(name, prefixes) {
  const prefix = /^([^:<]*):/.exec(name)?.[1];
  return (view, completion, from, to) => {
    const declared = new RegExp(`^\\s*PREFIX\\s+${prefix?.replaceAll(/[.-]/g, '\\$&')}:`, 'im');
    const changes = [{from, to, insert: name}];
    let before = 0;
    if (prefix !== undefined && prefixes[prefix] && !declared.test(view.state.doc.toString())) {
      const insert = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
      changes.push({from: 0, insert});
      before = insert.length;
    }
    view.dispatch({
      changes, selection: {anchor: before + from + name.length}, userEvent: 'input.complete',
      annotations: pickedCompletion.of(completion), scrollIntoView: true,
    });
  };
}
