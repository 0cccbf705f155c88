//! Reads a program by the grammar's tables, the way in which CPython's parser does: a parsing expression grammar with
//! results that are kept (packrat parsing: Bryan Ford, 2002), left recursion by growing a seed (Warth, Douglass and
//! Millstein, 2008), and errors raised on the way.
//!
//! Called by `diagnose`, once to find how far the program is right, and once more with the rules for what is wrong.
//! What it owns: `tokens` are only fetched when a rule looks at them, because the errors say how far was looked.

use crate::error::{SyntaxErrorKind, SyntaxWarning};
use crate::parser::{InteractiveEnd, Mode, Options, ReadStatement};
use crate::source::Source;
use crate::stack_guard::StackGuard;
use crate::token::{Position, Token, TokenKind};
use crate::tokenizer::identifier::{NoName, name_of};
use crate::tokenizer::{Tokenizer, TokenizerOptions};

use super::grammar::{Action, Alternative, Item, Label, RULES, RuleIndex, Terminal, Terminals};
use super::raise::{Error, Raised};
use super::tree::{Tree, Value};

/// How deep CPython nests rules (`MAXSTACK` in Parser/parser.c).
const MAX_LEVEL: u32 = 6000;

/// What nests deeper is read without passing over what cannot fit: on the way to a failure rules may nest up to that much, and it counts.
const MAX_PRUNED_LEVEL: u32 = MAX_LEVEL - 500;

/// What a rule gave: a value, nothing, or an error that ends the reading.
pub(super) type Read = Result<Option<Value>, Raised>;

pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
    pub(super) options: Options<'s>,
    pub(super) tokenizer: Tokenizer<'s>,
    interactive_end: InteractiveEnd,
    /// The tokens looked at so far.
    pub(super) tokens: Vec<Token>,
    /// Which of them have no columns.
    are_unwritten: Vec<bool>,
    /// What they are to the grammar.
    terminals: Vec<Terminal>,
    /// Statements that are known to be right, the inner before the outer.
    right: &'s [ReadStatement],
    /// For each token one more than the number of such a statement that begins there.
    right_at: Vec<u32>,
    /// The token to read next.
    pub(super) mark: usize,
    pub(super) tree: Tree,
    pub(super) error: Option<Error>,
    pub(super) barry_as_flufl: bool,
    /// What literals are to be warned of: found when they are read first.
    pub(super) warnings: Vec<SyntaxWarning>,
    /// Where the last compound statement stands that the second reading has read; line 0 if there is none.
    pub(super) last_statement: Position,
    level: u32,
    guard: StackGuard,
    finds_wrong: bool,
    kept: Vec<Kept>,
    /// For each token the last of the results there.
    last_kept: Vec<u32>,
}

/// A result of a rule at a token.
#[derive(Clone, Copy)]
struct Kept {
    rule: RuleIndex,
    value: Option<Value>,
    end: usize,
    /// The result before it at the same token.
    previous: u32,
}

/// No result.
const NOTHING_KEPT: u32 = u32::MAX;

/// How an alternative ended.
enum Outcome {
    Value(Value),
    /// It did not fit; if `is_final`, the others don't count any more.
    Failed {
        is_final: bool,
    },
    /// It fitted, but its action has nothing to say; the rule fails without trying others.
    Nothing,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Source, mode: Mode, options: Options<'s>, right: &'s [ReadStatement]) -> Self {
        let mut right_at = vec![0; right.iter().map(|it| it.start as usize + 1).max().unwrap_or(0)];
        for (number, statement) in right.iter().enumerate() {
            right_at[statement.start as usize] = number as u32 + 1;
        }
        let tokenizer_options = TokenizerOptions { type_comments: options.type_comments, ..Default::default() };
        Self {
            source,
            options,
            tokenizer: Tokenizer::new(source, tokenizer_options),
            interactive_end: InteractiveEnd::new(mode, options),
            tokens: Vec::new(),
            are_unwritten: Vec::new(),
            terminals: Vec::new(),
            right,
            right_at,
            mark: 0,
            tree: Tree::default(),
            error: None,
            barry_as_flufl: options.barry_as_flufl,
            warnings: Vec::new(),
            last_statement: Position::default(),
            level: 0,
            guard: StackGuard::new(options.stack_budget),
            finds_wrong: false,
            kept: Vec::new(),
            last_kept: Vec::new(),
        }
    }

    /// Reads the whole program. Whether it is one; if not, `error` may hold what was found to be wrong.
    pub(super) fn read(&mut self, start: RuleIndex, finds_wrong: bool) -> bool {
        self.mark = 0;
        self.level = 0;
        self.finds_wrong = finds_wrong;
        self.kept.clear();
        self.last_kept.fill(NOTHING_KEPT);
        matches!(self.rule(start), Ok(Some(_)))
    }

    /// Whether rules for what is wrong count.
    pub(super) fn finds_wrong(&self) -> bool {
        self.finds_wrong
    }

    /// The token at the mark.
    pub(super) fn token(&mut self) -> Result<&Token, Raised> {
        if self.mark == self.tokens.len() {
            self.fetch()?;
        }
        Ok(&self.tokens[self.mark])
    }

    fn fetch(&mut self) -> Result<(), Raised> {
        loop {
            match self.tokenizer.next_token() {
                Ok(mut token) => {
                    if token.kind == TokenKind::TypeIgnore {
                        continue;
                    }
                    let is_end = self.interactive_end.apply(&mut token, &mut self.tokenizer);
                    let is_layout = matches!(token.kind, TokenKind::EndMarker | TokenKind::Indent | TokenKind::Dedent);
                    self.push(token, is_end || is_layout);
                    return Ok(());
                }
                Err(error) => {
                    let position = self.tokenizer.position();
                    let span = crate::token::Span { start: position, end: position };
                    self.push(Token { kind: TokenKind::ErrorToken, span, text: 0..0, level: 0 }, true);
                    return Err(self.set_error(Error::of_tokenizer(*error)));
                }
            }
        }
    }

    fn push(&mut self, token: Token, is_unwritten: bool) {
        let terminal = match token.kind {
            TokenKind::Name => Terminal::of_name(self.text(&token)),
            kind => Terminal::token(kind),
        };
        self.terminals.push(terminal);
        self.tokens.push(token);
        self.are_unwritten.push(is_unwritten);
        self.last_kept.push(NOTHING_KEPT);
    }

    /// What the token at the mark is to the grammar.
    #[inline]
    fn terminal(&mut self) -> Result<Terminal, Raised> {
        if self.mark == self.tokens.len() {
            self.fetch()?;
        }
        Ok(self.terminals[self.mark])
    }

    /// Whether what begins so would look at the token at the mark and fail.
    #[inline]
    fn cannot_begin(&mut self, beginning: Terminals) -> Result<bool, Raised> {
        if self.level > MAX_PRUNED_LEVEL {
            return Ok(false);
        }
        Ok(!beginning.contain(self.terminal()?))
    }

    fn rule(&mut self, index: RuleIndex) -> Read {
        let rule = &RULES[usize::from(index.0)];
        if self.cannot_begin(rule.beginning)? {
            return Ok(None);
        }
        if rule.is_token {
            return self.alternatives(rule.alternatives);
        }
        if index == RuleIndex::STATEMENT && self.pass_over_right_statement()? {
            return Ok(Some(Value::Absent));
        }
        self.enter()?;
        let value = if rule.is_left_recursive {
            self.left_recursive(index, rule.alternatives)?
        } else if rule.is_kept {
            self.kept_rule(index, rule.alternatives)?
        } else {
            let finds_wrong = self.finds_wrong;
            self.finds_wrong &= !rule.is_plain;
            let value = self.alternatives(rule.alternatives)?;
            self.finds_wrong = finds_wrong;
            value
        };
        self.level -= 1;
        Ok(value)
    }

    /// Passes over a statement that is right, as if it had been read. Whether there is one.
    fn pass_over_right_statement(&mut self) -> Result<bool, Raised> {
        let Some(number) = self.right_at.get(self.mark).and_then(|it| it.checked_sub(1)) else { return Ok(false) };
        let ReadStatement { start, end, .. } = self.right[number as usize];
        // What is wrong may be that the statement does not go on so: an `elif` behind its `else`.
        if self.finds_wrong && end as usize + 1 >= self.tokens.len() {
            return Ok(false);
        }
        while self.tokens.len() < end as usize {
            self.fetch()?;
        }
        if self.finds_wrong {
            let until = &self.right[..=number as usize];
            let inner = until.iter().rev().take_while(|it| it.start >= start).count();
            for place in until[until.len() - inner..].iter().filter_map(|it| it.place) {
                self.register_place(place);
            }
        }
        self.mark = end as usize;
        Ok(true)
    }

    /// Remembers where the last compound statement stands that was read.
    pub(super) fn register_place(&mut self, place: Position) {
        if place.line >= self.last_statement.line {
            self.last_statement = place;
        }
    }

    fn enter(&mut self) -> Result<(), Raised> {
        if self.level == MAX_LEVEL || !self.guard.has_room() {
            return Err(self.set_error(Error::without_place(SyntaxErrorKind::MemoryError, super::TOO_DEEP)));
        }
        self.level += 1;
        Ok(())
    }

    fn kept_rule(&mut self, index: RuleIndex, alternatives: &'static [Alternative]) -> Read {
        if let Some(kept) = self.kept_result(index)? {
            self.mark = kept.end;
            return Ok(kept.value);
        }
        let start = self.mark;
        let value = self.alternatives(alternatives)?;
        self.keep(start, index, value, self.mark);
        Ok(value)
    }

    /// Keeps a result; says where.
    fn keep(&mut self, start: usize, rule: RuleIndex, value: Option<Value>, end: usize) -> usize {
        let place = self.kept.len();
        self.kept.push(Kept { rule, value, end, previous: self.last_kept[start] });
        self.last_kept[start] = place as u32;
        place
    }

    fn kept_result(&mut self, index: RuleIndex) -> Result<Option<Kept>, Raised> {
        self.token()?;
        let mut place = self.last_kept[self.mark];
        while let Some(kept) = self.kept.get(place as usize) {
            if kept.rule == index {
                return Ok(Some(*kept));
            }
            place = kept.previous;
        }
        Ok(None)
    }

    /// Reads the rule again and again with its own last result as its first item, as long as that gets further.
    fn left_recursive(&mut self, index: RuleIndex, alternatives: &'static [Alternative]) -> Read {
        if let Some(kept) = self.kept_result(index)? {
            self.mark = kept.end;
            return Ok(kept.value);
        }
        let start = self.mark;
        let place = self.keep(start, index, None, start);
        let mut best = None;
        let mut best_end = start;
        loop {
            self.mark = start;
            self.enter()?;
            let value = self.alternatives(alternatives)?;
            self.level -= 1;
            if value.is_none() || self.mark <= best_end {
                break;
            }
            best = value;
            best_end = self.mark;
            let end = self.mark;
            let kept = &mut self.kept[place];
            (kept.value, kept.end) = (value, end);
        }
        self.mark = best_end;
        Ok(best)
    }

    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Read {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.is_diagnosis && !self.finds_wrong || self.cannot_begin(alternative.beginning)? {
                continue;
            }
            match self.alternative(alternative, start)? {
                Outcome::Value(value) => return Ok(Some(value)),
                Outcome::Nothing => return Ok(None),
                Outcome::Failed { is_final } => {
                    self.mark = start;
                    if is_final {
                        return Ok(None);
                    }
                }
            }
        }
        Ok(None)
    }

    fn alternative(&mut self, alternative: &'static Alternative, start: usize) -> Result<Outcome, Raised> {
        let mut slots = [Value::Absent; 4];
        let mut only_value = None;
        let mut n_values = 0;
        let mut is_final = false;
        for step in alternative.steps {
            let value = match step.item {
                Item::Cut => {
                    is_final = true;
                    continue;
                }
                _ => self.item(&step.item)?,
            };
            let Some(value) = value else { return Ok(Outcome::Failed { is_final }) };
            if !matches!(step.item, Item::Ahead(_) | Item::NotAhead(_)) {
                n_values += 1;
                only_value = Some(value);
            }
            if let Some(slot) = step.slot {
                slots[usize::from(slot)] = value;
            }
        }
        let value = match (&alternative.action, only_value) {
            (Action::Default, Some(value)) if n_values == 1 => Some(value),
            (action, _) => self.act(action, &slots, start)?,
        };
        Ok(value.map_or(Outcome::Nothing, Outcome::Value))
    }

    fn act(&mut self, action: &'static Action, slots: &[Value; 4], start: usize) -> Read {
        match action {
            Action::Default => self.node(Label::Other, &[], slots, start).map(Some),
            Action::Value(slot) => Ok(Some(slots[usize::from(*slot)])),
            Action::Node(label, children) => self.node(*label, children, slots, start).map(Some),
            Action::Join(lists) => {
                let lists: Vec<Value> = lists.iter().map(|slot| slots[usize::from(*slot)]).collect();
                Ok(Some(self.tree.join(&lists)))
            }
            Action::Call(function, arguments) => {
                let mut values = [Value::Absent; 2];
                for (value, slot) in values.iter_mut().zip(*arguments) {
                    *value = slots[usize::from(*slot)];
                }
                self.call(*function, values, start)
            }
            Action::Version(minor, subject, inner) => {
                let value = self.act(inner, slots, start)?;
                if self.options.feature_version < *minor {
                    let message = format!("{subject} only supported in Python 3.{minor} and greater");
                    return Err(self.raise_here(&message));
                }
                Ok(value)
            }
            Action::Raise { place, is_indentation, message } => {
                let message = self.message(message, slots);
                Err(self.raise(place, *is_indentation, &message, slots)?)
            }
        }
    }

    /// A node from the token where its rule started to the last that was read.
    fn node(&mut self, label: Label, children: &[u8], slots: &[Value; 4], start: usize) -> Result<Value, Raised> {
        let children = children.iter().map(|slot| slots[usize::from(*slot)]).collect();
        Ok(self.new_node(label, children, start))
    }

    pub(super) fn new_node(&mut self, label: Label, children: Vec<Value>, start: usize) -> Value {
        let first = self.tokens.get(start).map_or(Position::default(), |token| token.span.start);
        let is_layout = |token: &&Token| {
            matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker)
        };
        let last = self.tokens[..self.mark].iter().rev().find(|token| !is_layout(token));
        let end = last.map_or(first, |token| token.span.end);
        self.tree.node(label, crate::token::Span { start: first, end }, children)
    }

    fn item(&mut self, item: &'static Item) -> Read {
        match item {
            Item::Rule(rule) => self.rule(*rule),
            Item::Token(TokenKind::Name) => self.name(),
            Item::Token(kind) => self.expect(|_, terminal| terminal == Terminal::token(*kind)),
            Item::Soft(text) => {
                self.expect(|reader, terminal| terminal.is_soft() && reader.text(&reader.tokens[reader.mark]) == *text)
            }
            Item::SoftKeyword => self.expect(|_, terminal| terminal.is_soft()),
            Item::Group(alternatives) => {
                self.enter()?;
                let value = self.alternatives(alternatives)?;
                self.level -= 1;
                Ok(value)
            }
            Item::Optional(inner) => Ok(Some(self.item(inner)?.unwrap_or(Value::Absent))),
            Item::Repeated(inner, least) => self.repeated(inner, *least),
            Item::Separated(separator, element) => self.separated(separator, element),
            Item::Ahead(inner) => Ok(self.look_ahead(inner)?.then_some(Value::Absent)),
            Item::NotAhead(inner) => Ok((!self.look_ahead(inner)?).then_some(Value::Absent)),
            Item::Forced(kind, text) => self.forced(*kind, text),
            // Taken care of where alternatives are read.
            Item::Cut => Ok(Some(Value::Absent)),
        }
    }

    #[inline]
    fn expect(&mut self, fits: impl FnOnce(&Self, Terminal) -> bool) -> Read {
        let terminal = self.terminal()?;
        if !fits(self, terminal) {
            return Ok(None);
        }
        self.mark += 1;
        Ok(Some(Value::Token(self.mark as u32 - 1)))
    }

    /// A name, which is also looked at when it is not ASCII.
    fn name(&mut self) -> Read {
        let value = self.expect(|_, terminal| terminal.is_name())?;
        if let Some(Value::Token(index)) = value {
            let word = self.text(&self.tokens[index as usize]);
            if !word.is_ascii()
                && let Err(reason) = name_of(word, self.options.identifier_forms)
            {
                let message = match reason {
                    NoName::Constant(constant) => format!("identifier field can't represent '{constant}' constant"),
                    NoName::Unknown => "identifier without a form".to_owned(),
                };
                return Err(self.set_error(Error::without_place(SyntaxErrorKind::ValueError, &message)));
            }
        }
        Ok(value)
    }

    fn forced(&mut self, kind: TokenKind, text: &str) -> Read {
        if let Some(value) = self.expect(|_, terminal| terminal == Terminal::token(kind))? {
            return Ok(Some(value));
        }
        Err(self.raise_at_token(self.mark, &format!("expected '{text}'")))
    }

    fn repeated(&mut self, inner: &'static Item, least: usize) -> Read {
        self.enter()?;
        let mut values = Vec::new();
        loop {
            let mark = self.mark;
            let Some(value) = self.item(inner)? else {
                self.mark = mark;
                break;
            };
            values.push(value);
        }
        self.level -= 1;
        Ok((values.len() >= least).then(|| self.tree.list(values)))
    }

    fn separated(&mut self, separator: &'static Item, element: &'static Item) -> Read {
        self.enter()?;
        let Some(first) = self.item(element)? else {
            self.level -= 1;
            return Ok(None);
        };
        self.enter()?;
        let mut values = vec![first];
        loop {
            let mark = self.mark;
            if self.item(separator)?.is_some()
                && let Some(value) = self.item(element)?
            {
                values.push(value);
                continue;
            }
            self.mark = mark;
            break;
        }
        self.level -= 2;
        Ok(Some(self.tree.list(values)))
    }

    fn look_ahead(&mut self, inner: &'static Item) -> Result<bool, Raised> {
        let mark = self.mark;
        let found = self.item(inner)?.is_some();
        self.mark = mark;
        Ok(found)
    }

    /// Whether a token is written in the source and so has columns: ends, INDENT and DEDENT are not.
    pub(super) fn has_columns(&self, index: usize) -> bool {
        self.are_unwritten.get(index) == Some(&false)
    }

    pub(super) fn text(&self, token: &Token) -> &'s str {
        self.source.slice(token.text.clone())
    }
}
