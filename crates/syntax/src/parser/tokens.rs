//! The tokens of a source, all read before the fast parser starts: looking ahead is then an index away.

use bytecode::arena::Arena;
use text::wtf8::Wtf8;

use super::{Mode, Options};
use crate::error::SyntaxWarning;
use crate::interner::{Interner, NameKey, Symbol};
use crate::source::Source;
use crate::token::{Position, Span, Token, TokenKind};
use crate::tokenizer::identifier::name_of;
use crate::tokenizer::plain::{Line, PlainTokens};
use crate::tokenizer::{Tokenizer, TokenizerOptions};

/// What a token is to an expression, in bits.
const BEGINS_PRIMARY: u8 = 1;
const CONTINUES_PRIMARY: u8 = 2;
const CONTINUES_EXPRESSION: u8 = 4;

/// By kind.
static ROLES: [u8; 256] = {
    use TokenKind as T;
    const fn add(mut roles: [u8; 256], role: u8, kinds: &[T]) -> [u8; 256] {
        let mut index = 0;
        while index < kinds.len() {
            roles[kinds[index] as usize] |= role;
            index += 1;
        }
        roles
    }
    let names_and_literals = [T::Name, T::Number, T::String, T::FStringStart, T::TStringStart];
    let roles = add([0; 256], BEGINS_PRIMARY, &names_and_literals);
    let roles = add(roles, BEGINS_PRIMARY, &[T::LeftParenthesis, T::LeftBracket, T::LeftBrace]);
    let roles = add(roles, BEGINS_PRIMARY, &[T::Ellipsis, T::None, T::True, T::False]);
    let roles = add(roles, CONTINUES_PRIMARY, &[T::Dot, T::LeftParenthesis, T::LeftBracket]);
    let terms = [T::Plus, T::Minus, T::Star, T::DoubleStar, T::Slash, T::DoubleSlash, T::Percent, T::At];
    let roles = add(roles, CONTINUES_EXPRESSION, &terms);
    let bits = [T::VerticalBar, T::Circumflex, T::Ampersand, T::LeftShift, T::RightShift];
    let roles = add(roles, CONTINUES_EXPRESSION, &bits);
    let comparisons = [T::EqualEqual, T::NotEqual, T::Less, T::LessEqual, T::Greater, T::GreaterEqual];
    let roles = add(roles, CONTINUES_EXPRESSION, &comparisons);
    add(roles, CONTINUES_EXPRESSION, &[T::Or, T::And, T::In, T::Is, T::Not, T::If])
};

impl TokenKind {
    /// Whether a name, a literal or a bracket begins here, which is all that most expressions are.
    #[inline(always)]
    pub(super) fn begins_primary(self) -> bool {
        ROLES[self as usize] & BEGINS_PRIMARY != 0
    }

    /// Whether an expression cannot go on here behind a name.
    #[inline(always)]
    pub(super) fn ends_expression(self) -> bool {
        ROLES[self as usize] & (CONTINUES_PRIMARY | CONTINUES_EXPRESSION) == 0
    }

    /// Whether an attribute, a call or a subscript may follow here.
    #[inline(always)]
    pub(super) fn continues_primary(self) -> bool {
        ROLES[self as usize] & CONTINUES_PRIMARY != 0
    }

    /// Whether an expression may go on here behind a primary: with a binary operator or `if`.
    #[inline(always)]
    pub(super) fn continues_expression(self) -> bool {
        ROLES[self as usize] & CONTINUES_EXPRESSION != 0
    }

    /// What a name in ASCII is: perhaps a keyword.
    #[inline(always)]
    fn of_name(symbol: Symbol) -> Self {
        symbol.keyword().unwrap_or(Self::Name)
    }
}

/// A token, in half a cache line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tok {
    pub(super) span: Span,
    text_start: u32,
    text_end: u32,
    /// Of a name or keyword.
    pub(super) symbol: Option<Symbol>,
    pub(super) kind: TokenKind,
    /// A STRING whose value is known to be what stands between the quotes.
    pub(super) is_verbatim: bool,
}

impl Tok {
    /// Where its text lies in the source, in bytes.
    pub(super) fn text(&self) -> std::ops::Range<usize> {
        self.text_start as usize..self.text_end as usize
    }

    /// Whether it only lays out statements: nodes do not reach over it.
    #[inline]
    pub(super) fn is_layout(&self) -> bool {
        matches!(self.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker)
    }
}

/// All tokens of a source up to its end or up to what the tokenizer refuses, which is an ERRORTOKEN here; so there is
/// always a last token, and no rule accepts it.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    pub(super) list: Vec<Tok>,
    pub(super) interner: Interner<'t>,
    /// Line and tag of each `# type: ignore`.
    pub(super) type_ignores: Vec<(u32, Wtf8<'t>)>,
    pub(super) warnings: Vec<SyntaxWarning>,
}

impl<'t> Tokens<'t> {
    /// Once for a source: what it costs shows in profiles under its own name.
    #[inline(never)]
    pub(super) fn read(source: &'t Source, arena: &'t Arena, mode: Mode, options: Options<'_>) -> Self {
        let tokenizer_options = TokenizerOptions { type_comments: options.type_comments, ..Default::default() };
        let mut tokenizer = Tokenizer::new(source, tokenizer_options);
        let mut tokens = Self {
            list: Vec::with_capacity(source.text().len() / 4 + 2),
            interner: Interner::new(arena),
            type_ignores: Vec::new(),
            warnings: Vec::new(),
        };
        let mut end = InteractiveEnd::new(mode, options);
        loop {
            if mode != Mode::Interactive {
                tokenizer.plain_tokens(&mut Reader { source, list: &mut tokens.list, interner: &mut tokens.interner });
            }
            let Ok(mut token) = tokenizer.next_token() else { break };
            end.apply(&mut token, &mut tokenizer);
            if token.kind == TokenKind::TypeIgnore {
                let tag = Wtf8::of(source.slice(token.text.clone()));
                tokens.type_ignores.push((token.span.start.line, tag));
                continue;
            }
            tokens.push(source, &token, options);
            if token.kind == TokenKind::EndMarker {
                tokens.warnings = tokenizer.take_warnings();
                return tokens;
            }
        }
        let text = source.text().len()..source.text().len();
        let position = Position::default();
        let span = Span { start: position, end: position };
        tokens.push(source, &Token { kind: TokenKind::ErrorToken, span, text, level: 0 }, options);
        tokens
    }

    fn push(&mut self, source: &'t Source, token: &Token, options: Options<'_>) {
        let mut kind = token.kind;
        let mut symbol = None;
        if token.kind == TokenKind::Name {
            let text = source.slice(token.text.clone());
            // What only normalization makes a keyword is a name all the same, but for the constants.
            if text.is_ascii() {
                let known = self.interner.intern_str(text);
                symbol = Some(known);
                kind = TokenKind::of_name(known);
            } else {
                match name_of(text, options.identifier_forms) {
                    Ok(text) => symbol = Some(self.interner.intern_str(&text)),
                    Err(_) => kind = TokenKind::ErrorToken,
                }
            }
        }
        let (text_start, text_end) = (token.text.start as u32, token.text.end as u32);
        self.list.push(Tok { span: token.span, text_start, text_end, symbol, kind, is_verbatim: false });
    }
}

/// Takes the plain tokens of a source.
struct Reader<'a, 't> {
    source: &'t Source,
    list: &'a mut Vec<Tok>,
    interner: &'a mut Interner<'t>,
}

impl Reader<'_, '_> {
    #[inline(always)]
    fn push(&mut self, kind: TokenKind, symbol: Option<Symbol>, line: Line, start: usize, end: usize) {
        let span = Span { start: line.position(start), end: line.position(end) };
        self.list.push(Tok { span, text_start: start as u32, text_end: end as u32, symbol, kind, is_verbatim: false });
    }
}

impl PlainTokens for Reader<'_, '_> {
    #[inline(always)]
    fn token(&mut self, kind: TokenKind, line: Line, start: usize, end: usize) {
        self.push(kind, None, line, start, end);
    }

    #[inline(always)]
    fn string(&mut self, lines: [Line; 2], start: usize, end: usize, is_verbatim: bool) {
        let span = Span { start: lines[0].position(start), end: lines[1].position(end) };
        let (text_start, text_end) = (start as u32, end as u32);
        let kind = TokenKind::String;
        self.list.push(Tok { span, text_start, text_end, symbol: None, kind, is_verbatim });
    }

    fn block(&mut self, kind: TokenKind, line: Line, at: usize) {
        self.push(kind, None, line, at, at);
    }

    #[inline(always)]
    fn newline(&mut self, line: Line, at: usize) {
        let span = Span { start: line.position(at), end: line.position(at + 1) };
        let kind = TokenKind::Newline;
        let at = at as u32;
        self.list.push(Tok { span, text_start: at, text_end: at, symbol: None, kind, is_verbatim: false });
    }

    #[inline(always)]
    fn name(&mut self, bytes: &[u8; 16], line: Line, start: usize, end: usize) {
        let key = NameKey::of_short(bytes, end - start);
        let symbol = self.interner.intern_key(key, || self.source.slice(start..end));
        self.push(TokenKind::of_name(symbol), Some(symbol), line, start, end);
    }

    #[inline(never)]
    fn long_name(&mut self, line: Line, start: usize, end: usize) {
        let name = self.source.slice(start..end);
        let symbol = self.interner.intern_key(NameKey::of(name.as_bytes()), || name);
        self.push(TokenKind::of_name(symbol), Some(symbol), line, start, end);
    }
}

/// The end of interactive input also ends the statement: the first ENDMARKER is a NEWLINE, after which open blocks
/// close.
#[derive(Debug)]
pub(crate) struct InteractiveEnd {
    is_interactive: bool,
    closes_blocks: bool,
    has_started: bool,
}

impl InteractiveEnd {
    pub(crate) fn new(mode: Mode, options: Options<'_>) -> Self {
        let is_interactive = mode == Mode::Interactive;
        Self { is_interactive, closes_blocks: !options.dont_imply_dedent, has_started: false }
    }

    /// Whether the token was such an end.
    pub(crate) fn apply(&mut self, token: &mut Token, tokenizer: &mut Tokenizer<'_>) -> bool {
        if !self.is_interactive || token.kind != TokenKind::EndMarker || !self.has_started {
            self.has_started = true;
            return false;
        }
        token.kind = TokenKind::Newline;
        self.has_started = false;
        if self.closes_blocks {
            tokenizer.close_blocks();
        }
        true
    }
}
