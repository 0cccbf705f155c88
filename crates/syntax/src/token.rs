//! Tokens and positions: what the tokenizer hands to the parser.

/// A place in the source. Lines count from 1; columns count UTF-8 bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl Position {
    /// A column that a syntax error leaves out: `offset` 0 in the exception.
    pub const NO_COLUMN: u32 = u32::MAX;
    /// A column that a syntax error does not know: `offset` -1 in the exception.
    pub const UNKNOWN_COLUMN: u32 = u32::MAX - 1;
}

/// What a piece of source spans, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

/// One token.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
    /// Where the token's text lies in the source, in bytes.
    pub text: std::ops::Range<usize>,
    /// How many brackets are open behind it.
    pub level: u32,
}

macro_rules! token_kinds {
    ({ $($variant:ident $name:literal $text:expr;)* } keywords { $($keyword:ident $word:literal)* }) => {
        /// The kinds of tokens, numbered as in CPython's `Grammar/Tokens` (the numbers of the module `token`). Keywords are names
        /// to the tokenizer; the parser gives them kinds of their own, behind those.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum TokenKind { $($variant,)* $($keyword,)* }

        impl TokenKind {
            /// What the tokenizer makes.
            pub const ALL: &[TokenKind] = &[$(TokenKind::$variant,)*];

            pub const KEYWORDS: &[TokenKind] = &[$(TokenKind::$keyword,)*];

            /// The name that the module `token` gives it.
            pub fn name(self) -> &'static str {
                match self { $(TokenKind::$variant => $name,)* $(TokenKind::$keyword => "NAME",)* }
            }

            /// The text of an operator, a delimiter or a keyword; None for kinds whose text varies.
            pub const fn fixed_text(self) -> Option<&'static str> {
                match self { $(TokenKind::$variant => $text,)* $(TokenKind::$keyword => Some($word),)* }
            }
        }
    };
}

token_kinds! {
    {
        EndMarker "ENDMARKER" None;
        Name "NAME" None;
        Number "NUMBER" None;
        String "STRING" None;
        Newline "NEWLINE" None;
        Indent "INDENT" None;
        Dedent "DEDENT" None;
        LeftParenthesis "LPAR" Some("(");
        RightParenthesis "RPAR" Some(")");
        LeftBracket "LSQB" Some("[");
        RightBracket "RSQB" Some("]");
        Colon "COLON" Some(":");
        Comma "COMMA" Some(",");
        Semicolon "SEMI" Some(";");
        Plus "PLUS" Some("+");
        Minus "MINUS" Some("-");
        Star "STAR" Some("*");
        Slash "SLASH" Some("/");
        VerticalBar "VBAR" Some("|");
        Ampersand "AMPER" Some("&");
        Less "LESS" Some("<");
        Greater "GREATER" Some(">");
        Equal "EQUAL" Some("=");
        Dot "DOT" Some(".");
        Percent "PERCENT" Some("%");
        LeftBrace "LBRACE" Some("{");
        RightBrace "RBRACE" Some("}");
        EqualEqual "EQEQUAL" Some("==");
        NotEqual "NOTEQUAL" Some("!=");
        LessEqual "LESSEQUAL" Some("<=");
        GreaterEqual "GREATEREQUAL" Some(">=");
        Tilde "TILDE" Some("~");
        Circumflex "CIRCUMFLEX" Some("^");
        LeftShift "LEFTSHIFT" Some("<<");
        RightShift "RIGHTSHIFT" Some(">>");
        DoubleStar "DOUBLESTAR" Some("**");
        PlusEqual "PLUSEQUAL" Some("+=");
        MinusEqual "MINEQUAL" Some("-=");
        StarEqual "STAREQUAL" Some("*=");
        SlashEqual "SLASHEQUAL" Some("/=");
        PercentEqual "PERCENTEQUAL" Some("%=");
        AmpersandEqual "AMPEREQUAL" Some("&=");
        VerticalBarEqual "VBAREQUAL" Some("|=");
        CircumflexEqual "CIRCUMFLEXEQUAL" Some("^=");
        LeftShiftEqual "LEFTSHIFTEQUAL" Some("<<=");
        RightShiftEqual "RIGHTSHIFTEQUAL" Some(">>=");
        DoubleStarEqual "DOUBLESTAREQUAL" Some("**=");
        DoubleSlash "DOUBLESLASH" Some("//");
        DoubleSlashEqual "DOUBLESLASHEQUAL" Some("//=");
        At "AT" Some("@");
        AtEqual "ATEQUAL" Some("@=");
        RightArrow "RARROW" Some("->");
        Ellipsis "ELLIPSIS" Some("...");
        ColonEqual "COLONEQUAL" Some(":=");
        Exclamation "EXCLAMATION" Some("!");
        Operator "OP" None;
        TypeIgnore "TYPE_IGNORE" None;
        TypeComment "TYPE_COMMENT" None;
        SoftKeyword "SOFT_KEYWORD" None;
        FStringStart "FSTRING_START" None;
        FStringMiddle "FSTRING_MIDDLE" None;
        FStringEnd "FSTRING_END" None;
        TStringStart "TSTRING_START" None;
        TStringMiddle "TSTRING_MIDDLE" None;
        TStringEnd "TSTRING_END" None;
        Comment "COMMENT" None;
        LogicalNewline "NL" None;
        ErrorToken "ERRORTOKEN" None;
    }
    keywords {
        False "False"
        None "None"
        True "True"
        And "and"
        As "as"
        Assert "assert"
        Async "async"
        Await "await"
        Break "break"
        Class "class"
        Continue "continue"
        Def "def"
        Del "del"
        Elif "elif"
        Else "else"
        Except "except"
        Finally "finally"
        For "for"
        From "from"
        Global "global"
        If "if"
        Import "import"
        In "in"
        Is "is"
        Lambda "lambda"
        Nonlocal "nonlocal"
        Not "not"
        Or "or"
        Pass "pass"
        Raise "raise"
        Return "return"
        Try "try"
        While "while"
        With "with"
        Yield "yield"
    }
}

/// The words that are keywords in some places only.
pub const SOFT_KEYWORDS: [&str; 4] = ["_", "match", "case", "type"];
