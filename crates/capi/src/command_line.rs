//! What a command line asks for, as far as `initconfig` shows it: the words of `sys.orig_argv` read by CPython's rules. The command has
//! read them before; nothing here can be wrong with them.

/// The parts of a command line.
#[derive(Default)]
pub struct CommandLine {
    pub program: Option<String>,
    /// The letters of options without a value.
    pub letters: String,
    /// `-c command`
    pub command: Option<String>,
    /// `-m module`
    pub module: Option<String>,
    /// The file that is run.
    pub file: Option<String>,
}

impl CommandLine {
    pub fn read(mut words: impl Iterator<Item = String>) -> Self {
        let mut line = Self { program: words.next(), ..Self::default() };
        while let Some(word) = words.next() {
            if word == "--" {
                line.file = words.next();
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                if long == "check-hash-based-pycs" {
                    words.next();
                }
                continue;
            }
            let Some(letters) = word.strip_prefix('-').filter(|it| !it.is_empty()) else {
                line.file = Some(word).filter(|it| it != "-");
                break;
            };
            if line.take_letters(letters, &mut words) {
                break;
            }
        }
        line
    }

    /// Reads the letters of a word; true if what is run has been found.
    fn take_letters(&mut self, letters: &str, words: &mut impl Iterator<Item = String>) -> bool {
        for (place, letter) in letters.char_indices() {
            let rest = &letters[place + letter.len_utf8()..];
            let mut take_value = || if rest.is_empty() { words.next() } else { Some(rest.to_owned()) };
            match letter {
                'c' => {
                    // As it is compiled: with a line end.
                    self.command = take_value().map(|it| it + "\n");
                    return true;
                }
                'm' => {
                    self.module = take_value();
                    return true;
                }
                'W' | 'X' => {
                    take_value();
                    return false;
                }
                _ => self.letters.push(letter),
            }
        }
        false
    }
}
