//! What an element may hold, as its declaration says.

use super::scan::Scanner;

/// `XML_CTYPE_…`
pub const EMPTY: i32 = 1;
pub const ANY: i32 = 2;
pub const MIXED: i32 = 3;
pub const NAME: i32 = 4;
pub const CHOICE: i32 = 5;
pub const SEQUENCE: i32 = 6;

/// A content model. Its parts refer to each other by number, so that one of any depth can be let go of.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentModel {
    /// The whole model is the first part.
    pub parts: Vec<Part>,
}

/// A part of a content model.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub kind: i32,
    /// `XML_CQUANT_…`: 0 for once, 1 for `?`, 2 for `*`, 3 for `+`.
    pub quantifier: i32,
    pub name: Option<String>,
    /// The numbers of the parts in it.
    pub children: Vec<usize>,
}

impl Part {
    fn plain(kind: i32) -> Self {
        Self { kind, quantifier: 0, name: None, children: Vec::new() }
    }
}

impl ContentModel {
    /// The model that a declaration writes; None if it is none.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "EMPTY" => return Some(Self { parts: vec![Part::plain(EMPTY)] }),
            "ANY" => return Some(Self { parts: vec![Part::plain(ANY)] }),
            _ => {}
        }
        let mut scanner = Scanner::new(text, 0);
        let mut groups = Groups { parts: Vec::new(), open: Vec::new() };
        loop {
            scanner.blanks();
            if scanner.take("(") {
                groups.begin();
                continue;
            }
            let group = groups.innermost()?;
            if scanner.take("#PCDATA") {
                group.kind = MIXED;
            } else {
                let name = scanner.name()?.to_owned();
                groups.add(Part { name: Some(name), quantifier: quantifier(&mut scanner), ..Part::plain(NAME) });
            }
            // Behind a part groups end, or there is a sign between it and the next.
            loop {
                scanner.blanks();
                if !scanner.take(")") {
                    break;
                }
                if groups.end(quantifier(&mut scanner))? {
                    scanner.blanks();
                    return scanner.rest().is_empty().then_some(Self { parts: groups.parts });
                }
            }
            let sign = ["|", ","].into_iter().find(|sign| scanner.take(sign))?;
            groups.separate(sign)?;
        }
    }
}

/// The groups of a model that is being read.
struct Groups {
    parts: Vec<Part>,
    /// The numbers of the groups that have not ended, and the sign between the parts of each.
    open: Vec<(usize, Option<&'static str>)>,
}

impl Groups {
    fn begin(&mut self) {
        let number = self.add(Part::plain(SEQUENCE));
        self.open.push((number, None));
    }

    /// Adds a part to the innermost group.
    fn add(&mut self, part: Part) -> usize {
        let number = self.parts.len();
        self.parts.push(part);
        if let Some((group, _)) = self.open.last() {
            self.parts[*group].children.push(number);
        }
        number
    }

    fn innermost(&mut self) -> Option<&mut Part> {
        let (number, _) = self.open.last()?;
        self.parts.get_mut(*number)
    }

    /// Notes the sign between two parts; None if another is usual in the group.
    fn separate(&mut self, sign: &'static str) -> Option<()> {
        let (number, known) = self.open.last_mut()?;
        let group = self.parts.get_mut(*number)?;
        if *known.get_or_insert(sign) != sign {
            return None;
        }
        if sign == "|" && group.kind == SEQUENCE {
            group.kind = CHOICE;
        }
        Some(())
    }

    /// Ends the innermost group; whether it was the last.
    fn end(&mut self, quantifier: i32) -> Option<bool> {
        let (number, _) = self.open.pop()?;
        self.parts.get_mut(number)?.quantifier = quantifier;
        Some(self.open.is_empty())
    }
}

fn quantifier(scanner: &mut Scanner<'_>) -> i32 {
    [("?", 1), ("*", 2), ("+", 3)].into_iter().find(|(sign, _)| scanner.take(sign)).map_or(0, |(_, number)| number)
}
