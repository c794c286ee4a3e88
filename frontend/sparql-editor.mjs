// <sparql-editor> around a <textarea>: the same field of the same form, with colours, completion and marks.
// In a shadow root, so that its styles are constructed sheets, which a strict Content-Security-Policy allows.
import {autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap} from '@codemirror/commands';
import {bracketMatching, indentOnInput, StreamLanguage} from '@codemirror/language';
import {sparql} from '@codemirror/legacy-modes/mode/sparql';
import {lintGutter, lintKeymap, setDiagnostics} from '@codemirror/lint';
import {EditorState, Prec} from '@codemirror/state';
import {
  drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers,
} from '@codemirror/view';
import {completionSource, completionsOf} from './completion.mjs';
import {around, look} from './look.mjs';

const LONGEST_ADDRESS = 6000; // a longer query is posted: proxies refuse long addresses

// Where text replaces a selection, browsers write a style attribute, which the policy forbids: so it is done here.
const replaceByHand = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const {from, to, empty} = view.state.selection.main;
    const {data: text, inputType} = event;
    if (inputType !== 'insertText' || !text || empty || view.composing) return false;
    event.preventDefault();
    const insert = () => view.state.update(
      view.state.replaceSelection(text), {userEvent: 'input.type', scrollIntoView: true});
    if (!view.state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, text, insert))) {
      view.dispatch(insert());
    }
    return true;
  },
});

class SparqlEditor extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector('textarea');
    if (this.view || !field) return;
    const texts = JSON.parse(this.dataset.texts);
    const [label] = field.labels;
    const root = this.attachShadow({mode: 'open'});
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(around);
    root.adoptedStyleSheets = [sheet];
    const place = document.createElement('div');
    const hint = document.createElement('p');
    hint.id = 'hint';
    hint.textContent = texts.hint;
    root.append(document.createElement('slot'), place, hint);
    this.view = new EditorView({root, parent: place, state: this.start(field, label, texts)});
    field.hidden = true;
    // A hidden field cannot take the focus that its label gives.
    label?.addEventListener('click', () => this.view.focus());
    // Browsers put back what was written before a page was left.
    addEventListener('pageshow', () => this.take(field.value));
    field.form?.addEventListener('submit', () => {
      field.form.method = encodeURIComponent(field.value).length > LONGEST_ADDRESS ? 'post' : 'get';
    });
    this.markError();
  }

  start(field, label, texts) {
    const described = {
      'aria-label': label?.textContent.trim() ?? field.name,
      'aria-describedby': 'hint',
      lang: 'en',
      tabindex: '0', // it takes the focus anyway; checkers want to read it
      ...(field.getAttribute('aria-invalid') ? {'aria-invalid': 'true'} : {}),
    };
    const leave = view => (closeCompletion(view), false);
    const run = () => (field.form.requestSubmit(), true);
    return EditorState.create({
      doc: field.value,
      extensions: [
        Prec.highest(keymap.of([{key: 'Ctrl-Enter', run}, {key: 'Mod-Enter', run}])),
        lineNumbers(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(),
        bracketMatching(), closeBrackets(), highlightActiveLine(), EditorView.lineWrapping,
        StreamLanguage.define(sparql), look, replaceByHand,
        autocompletion({override: [completionSource(() => this.words())], icons: false}),
        // Tab leaves the editor, as any field; an open list would catch it.
        keymap.of([{key: 'Tab', run: leave, shift: leave}, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorState.phrases.of(texts),
        EditorView.contentAttributes.of(described),
        EditorView.updateListener.of(update => {
          if (update.docChanged) field.value = update.state.doc.toString();
        }),
      ],
    });
  }

  /** The words of the graph, fetched once; without them keywords and variables remain. */
  words() {
    this.fetched ??= fetch(this.dataset.words)
      .then(answer => (answer.ok ? answer.json() : {prefixes: {}, terms: []}))
      .then(completionsOf)
      .catch(() => {
        this.fetched = undefined;
        return [];
      });
    return this.fetched;
  }

  take(text) {
    const doc = this.view.state.doc;
    if (doc.toString() !== text) this.view.dispatch({changes: {from: 0, to: doc.length, insert: text}});
  }

  /** Mark where the server says that the query is wrong. */
  markError() {
    const {line, column, message} = this.dataset;
    const doc = this.view.state.doc;
    if (!line || line > doc.lines) return;
    const {from, to, text} = doc.line(line);
    // The server counts characters, the editor UTF-16 units.
    const start = [...text].slice(0, column - 1).join('').length;
    const length = /^(\S*[\p{L}\p{N}_]|\S|)/u.exec(text.slice(start))[0].length;
    const at = Math.min(from + start, to);
    const diagnostic = {
      from: length ? at : Math.max(at - 1, 0), to: Math.min(at + length, to), severity: 'error', message,
    };
    this.view.dispatch(setDiagnostics(this.view.state, [diagnostic]));
    this.view.dispatch({selection: {anchor: at}, scrollIntoView: true});
  }
}

customElements.define('sparql-editor', SparqlEditor);
