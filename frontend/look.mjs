// How the editor looks: the page's own colours where it names them, light and dark.
import {HighlightStyle, syntaxHighlighting} from '@codemirror/language';
import {EditorView} from '@codemirror/view';
import {tags} from '@lezer/highlight';

const FIELD = 'var(--field, Field)';
const TEXT = 'var(--ink, FieldText)';
const QUIET = 'var(--soft, GrayText)';
const LINE = 'var(--soft, GrayText)';
const STRONG = 'var(--accent, LinkText)';
const WRONG = 'var(--error, #b3261e)';
const CHOSEN = 'var(--tint, Highlight)';

export const look = [
  EditorView.theme({
    '&': {color: TEXT, backgroundColor: FIELD, border: `1px solid ${LINE}`, borderRadius: '0.2rem', fontSize: '0.9rem'},
    '&.cm-focused': {outline: `3px solid ${STRONG}`, outlineOffset: '2px'},
    '.cm-scroller': {fontFamily: 'ui-monospace, monospace', lineHeight: '1.45', minHeight: '14rem', maxHeight: '32rem'},
    '.cm-content': {caretColor: TEXT},
    '.cm-cursor': {borderLeftColor: TEXT},
    '.cm-gutters': {color: QUIET, backgroundColor: 'transparent', border: 'none'},
    '.cm-activeLine, .cm-activeLineGutter': {backgroundColor: 'light-dark(#0000000a, #ffffff0d)'},
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {background: `${CHOSEN} !important`},
    '&.cm-focused .cm-matchingBracket': {backgroundColor: CHOSEN, outline: `1px solid ${STRONG}`},
    '&.cm-focused .cm-nonmatchingBracket': {backgroundColor: 'transparent', outline: `1px solid ${WRONG}`},
    '.cm-tooltip': {color: TEXT, backgroundColor: FIELD, border: `1px solid ${LINE}`},
    '.cm-tooltip.cm-tooltip-autocomplete > ul': {fontFamily: 'inherit', maxHeight: '16rem', maxWidth: 'min(95vw, 50rem)'},
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {padding: '0.2rem 0.5rem', lineHeight: '1.4'},
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {color: TEXT, background: CHOSEN},
    '.cm-completionDetail': {color: QUIET, fontStyle: 'normal', marginLeft: '1em'},
    '.cm-completionInfo': {maxWidth: 'min(90vw, 25rem)', padding: '0.4rem 0.6rem'},
    // On a phone it would cover the list.
    '@media (max-width: 40rem)': {'.cm-completionInfo': {display: 'none'}},
    // The package's own marks are data: images, which the policy of the page forbids.
    '.cm-lintRange-error': {backgroundImage: 'none', textDecoration: `underline wavy ${WRONG}`},
    '.cm-lintPoint-error::after': {borderBottomColor: WRONG},
    '.cm-lint-marker-error': {content: 'normal', backgroundColor: WRONG, borderRadius: '50%', width: '0.7em', height: '0.7em', marginTop: '0.3em'},
    '.cm-diagnostic-error': {borderLeft: `5px solid ${WRONG}`},
  }),
  syntaxHighlighting(HighlightStyle.define([
    {tag: tags.keyword, color: STRONG, fontWeight: 'bold'},
    {tag: tags.standard(tags.variableName), color: STRONG},
    {tag: tags.local(tags.variableName), color: 'light-dark(#7a3b00, #f0b67f)'},
    {tag: tags.atom, color: 'light-dark(#1f4e9c, #9dc1ff)'},
    {tag: tags.string, color: 'light-dark(#2f5d17, #a8d48a)'},
    {tag: tags.meta, color: 'light-dark(#6b2f7d, #d8a9e6)'},
    {tag: tags.comment, color: QUIET, fontStyle: 'italic'},
  ])),
];

/** The rules of what stands in the shadow root beside the editor. */
export const around = `
  :host { display: block; }
  #hint { margin: 0.4rem 0 0; font-size: 0.85rem; color: ${QUIET}; }
  @media print { #hint, .cm-gutters { display: none; } }
`;
