//! The keywords of the language, as the parser sees them: kinds of their own, where the tokenizer sees names.

macro_rules! keywords {
    ($($variant:ident $text:literal)*) => {
        /// A keyword.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Keyword { $($variant,)* }

        impl Keyword {
            pub(crate) const ALL: &[(Keyword, &str)] = &[$((Keyword::$variant, $text),)*];

        }
    };
}

keywords! {
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

/// The words that are keywords in some places only.
pub const SOFT_KEYWORDS: [&str; 4] = ["_", "match", "case", "type"];
