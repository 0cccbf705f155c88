//! The grammar as data: `diagnosis.peg`, turned into tables when this crate is built.

use crate::token::{SOFT_KEYWORDS, TokenKind};

/// What a token is to the grammar: its kind, or one of the soft keywords.
///
/// A set of them is one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terminal(u8);

impl Terminal {
    const FIRST_SOFT: u8 = (TokenKind::ALL.len() + TokenKind::KEYWORDS.len()) as u8;

    pub(super) const fn token(kind: TokenKind) -> Self {
        Self(kind as u8)
    }

    /// The soft keyword with this place in [`SOFT_KEYWORDS`].
    pub(super) const fn soft(place: u8) -> Self {
        Self(Self::FIRST_SOFT + place)
    }

    /// What a NAME with this text is.
    pub(super) fn of_name(text: &str) -> Self {
        if let Some(keyword) = TokenKind::KEYWORDS.iter().find(|keyword| keyword.fixed_text() == Some(text)) {
            return Self::token(*keyword);
        }
        let soft = SOFT_KEYWORDS.iter().position(|word| *word == text);
        soft.map_or(Self::token(TokenKind::Name), |place| Self::soft(place as u8))
    }

    pub(super) fn is_soft(self) -> bool {
        self.0 >= Self::FIRST_SOFT
    }

    /// Whether it is a NAME and no keyword.
    pub(super) fn is_name(self) -> bool {
        self.is_soft() || self == Self::token(TokenKind::Name)
    }
}

/// A set of terminals.
#[derive(Clone, Copy)]
pub(super) struct Terminals(u128);

const _: () = assert!(Terminal::FIRST_SOFT as usize + SOFT_KEYWORDS.len() <= 128);

impl Terminals {
    pub(super) const fn of(terminals: &[Terminal]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < terminals.len() {
            bits |= 1 << terminals[index].0;
            index += 1;
        }
        Self(bits)
    }

    #[inline]
    pub(super) fn contain(self, terminal: Terminal) -> bool {
        self.0 >> terminal.0 & 1 != 0
    }
}

/// A rule's place in `RULES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RuleIndex(pub(super) u16);

pub(super) struct Rule {
    /// Its results are kept for each place in the tokens.
    pub(super) is_kept: bool,
    pub(super) is_left_recursive: bool,
    /// While it is read, `wrong_*` rules do not count.
    pub(super) is_plain: bool,
    /// It only names a token, and is no level of nesting.
    pub(super) is_token: bool,
    /// With which tokens it is more than a failure that has looked at one token.
    pub(super) beginning: Terminals,
    pub(super) alternatives: &'static [Alternative],
}

pub(super) struct Alternative {
    /// It is a `wrong_*` rule, which only the second reading tries.
    pub(super) is_diagnosis: bool,
    /// As of a rule.
    pub(super) beginning: Terminals,
    pub(super) steps: &'static [Step],
    pub(super) action: Action,
}

pub(super) struct Step {
    pub(super) item: Item,
    /// Where its value is put for the action.
    pub(super) slot: Option<u8>,
}

pub(super) enum Item {
    Token(TokenKind),
    Soft(&'static str),
    /// Any soft keyword.
    SoftKeyword,
    Rule(RuleIndex),
    Group(&'static [Alternative]),
    Optional(&'static Item),
    /// At least so many times, 0 or 1.
    Repeated(&'static Item, usize),
    /// By the first, the second.
    Separated(&'static Item, &'static Item),
    Ahead(&'static Item),
    NotAhead(&'static Item),
    Cut,
    Forced(TokenKind, &'static str),
}

/// What an alternative yields. Numbers are slots.
pub(super) enum Action {
    /// The value of the only item that is not a look ahead; if there are several, a node of no particular kind.
    Default,
    Value(u8),
    Node(Label, &'static [u8]),
    Join(&'static [u8]),
    Call(Function, &'static [u8]),
    Version(u8, &'static str, &'static Action),
    Raise {
        place: Place,
        is_indentation: bool,
        message: &'static [Piece],
    },
}

pub(super) enum Place {
    /// From the start of the first to the end of the second.
    Range(Reference, Reference),
    /// From its start to what the tokenizer has read.
    From(Reference),
    LastToken,
    NextToken,
}

pub(super) struct Reference {
    pub(super) slot: u8,
    pub(super) part: Part,
}

pub(super) enum Part {
    Whole,
    First,
    Last,
    /// The last expression of comprehension clauses.
    End,
}

/// A piece of a message.
pub(super) enum Piece {
    Literal(&'static str),
    /// The kind of the expression in a slot, in the words of error messages.
    Kind(u8),
    /// The text of the token in a slot.
    Text(u8),
    /// The line of the token in a slot.
    Line(u8),
}

/// What a node is, as far as a message can depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Other,
    Statement,
    /// A statement whose place CPython forgets.
    Unplaced,
    Parameter,
    Pattern,
    Clause,
    Field,
    Arguments,
    Keyword,
    KeywordUnpacking,
    In,
    Name,
    Tuple,
    List,
    Starred,
    Attribute,
    Subscript,
    Slice,
    Call,
    Operation,
    Compare,
    IfExp,
    Lambda,
    Yield,
    Await,
    NamedExpr,
    ListComp,
    SetComp,
    DictComp,
    GeneratorExp,
    Dict,
    Set,
    JoinedStr,
    TemplateStr,
    Number,
    ImaginaryNumber,
    Text,
    Bytes,
    True,
    False,
    None,
    Ellipsis,
}

/// The actions that are Rust functions, in `actions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Nothing,
    Register,
    InvalidStarTarget,
    InvalidForTarget,
    InvalidDelTarget,
    FutureImport,
    RealNumber,
    ImaginaryNumber,
    BoundOfTypeVarTuple,
    BoundOfParamSpec,
    MissingComma,
    LegacyStatement,
    NotEqual,
    ClassicNotEqual,
    Number,
    MissingColonInDict,
    GeneratorInCall,
    PositionalAfterKeyword,
    String,
    Concatenation,
    Interpolated,
    Conversion,
    FormatText,
}

include!(concat!(env!("OUT_DIR"), "/diagnosis.rs"));
