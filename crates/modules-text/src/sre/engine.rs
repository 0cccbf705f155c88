//! The machine that runs the code of a compiled pattern: backtracking over a stack of choices.
//!
//! One loop executes instructions; whatever may have to be done otherwise later is pushed as a [`Choice`], and a failure takes up the last one.
//! Repeats count in [`Round`]s, which are never changed: each time round makes a new one that knows the one it lies in, so a choice keeps its
//! place in all repeats by one index. Changes of marks are logged and taken back. Look-around, atomic groups and possessive repeats are matched
//! by the same loop with the choices from before out of reach.
//!
//! The code comes from Python: reading beyond its end reads a failure, and jumps only go forward, so any array of numbers ends.

use objects::errors::PyResult;
use objects::thread::Thread;

use super::characters::{self, fold_for_reference, in_charset, matches_one};
use super::first::FirstCharacters;
use super::opcodes::*;

/// A mark that is not set.
pub const UNSET: usize = usize::MAX;

/// No round: outside of all repeats.
const NO_ROUND: usize = usize::MAX;

/// Steps between two looks at pending signals.
const STEPS_BETWEEN_CHECKS: u32 = 1 << 12;

/// Storage units of a subject: bytes, or code points of some width.
pub trait Unit: Copy + 'static {
    fn point(self) -> u32;
    /// The first place where a unit is `point`, which is below 256, or is above that.
    fn find(text: &[Self], point: u32) -> Option<usize> {
        text.iter().position(|it| it.point() == point || it.point() >= 256)
    }
}

impl Unit for u8 {
    #[inline(always)]
    fn point(self) -> u32 {
        u32::from(self)
    }

    fn find(text: &[Self], point: u32) -> Option<usize> {
        memchr::memchr(point as u8, text)
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn point(self) -> u32 {
        u32::from(self)
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn point(self) -> u32 {
        self
    }
}

/// One time round a repeat.
#[derive(Clone, Copy)]
struct Round {
    /// Where the `REPEAT` instruction stands.
    repeat: usize,
    /// How many times the body was begun.
    count: usize,
    /// Where the last optional time began.
    last_start: usize,
    /// The round of the repeat around this one.
    outer: usize,
}

/// What to do when the way taken fails.
#[derive(Clone, Copy)]
enum Way {
    /// Go on at this instruction.
    Resume(usize),
    /// Try the alternative whose length stands here.
    Alternative(usize),
    /// Give one character of a greedy repeat back: the instruction, and the position before which not to go.
    Shorter(usize, usize),
    /// Take one more character into a lazy repeat: the instruction, and how many it has.
    Longer(usize, usize),
    /// Go round a lazy repeat once more.
    Again,
}

#[derive(Clone, Copy)]
struct Choice {
    way: Way,
    position: usize,
    round: usize,
    rounds: usize,
    log: usize,
    last_index: usize,
}

/// How to match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// At a position.
    Match,
    /// At a position, up to the end.
    FullMatch,
    /// At a position or the first one after it.
    Search,
}

/// A match that was found: its end, and the marks beside it.
pub struct Engine<'a, U> {
    code: &'a [u32],
    /// The subject up to where matching may go.
    text: &'a [U],
    /// With what a match begins, if that is known.
    first: Option<FirstCharacters>,
    pub marks: Vec<usize>,
    /// The number of the group that was closed last; 0 for none.
    pub last_index: usize,
    pub start: usize,
    pub end: usize,
    log: Vec<(usize, usize)>,
    choices: Vec<Choice>,
    rounds: Vec<Round>,
    full: bool,
    /// The match must not be empty at this position.
    forbidden_empty: Option<usize>,
    steps: u32,
}

impl<'a, U: Unit> Engine<'a, U> {
    pub fn new(code: &'a [u32], text: &'a [U], first: Option<FirstCharacters>, groups: usize) -> Self {
        Engine {
            code,
            text,
            first,
            marks: vec![UNSET; groups * 2],
            last_index: 0,
            start: 0,
            end: 0,
            log: Vec::new(),
            choices: Vec::new(),
            rounds: Vec::new(),
            full: false,
            forbidden_empty: None,
            steps: 0,
        }
    }

    /// Matches from `start`; `must_advance` if an empty match there is not wanted.
    pub fn run(&mut self, mode: Mode, start: usize, must_advance: bool, thread: &mut Thread) -> PyResult<bool> {
        if start > self.text.len() {
            return Ok(false);
        }
        thread.check_stack(" in regular expression")?;
        self.forbidden_empty = must_advance.then_some(start);
        self.full = mode == Mode::FullMatch;
        if mode == Mode::Search {
            return self.search(start, thread);
        }
        self.attempt(start, thread)
    }

    fn attempt(&mut self, start: usize, thread: &mut Thread) -> PyResult<bool> {
        // What the last attempt marked is in the log.
        self.undo(0, 0);
        self.choices.clear();
        self.rounds.clear();
        self.start = start;
        let outcome = self.execute(0, start, NO_ROUND, true, thread)?;
        if let Some(end) = outcome {
            self.end = end;
        }
        Ok(outcome.is_some())
    }

    fn search(&mut self, start: usize, thread: &mut Thread) -> PyResult<bool> {
        // An INFO block at the start tells how long a match is at least.
        let least = if self.word(0) == INFO { self.word(3) as usize } else { 0 };
        // What is bound to the text's beginning cannot be found further on.
        let first = if self.word(0) == INFO { self.after(0) } else { 0 };
        if self.word(first) == AT && matches!(self.word(first + 1), at::BEGINNING | at::BEGINNING_STRING) {
            return self.attempt(start, thread);
        }
        let only = self.first.and_then(|it| it.only());
        let mut position = start;
        while position <= self.text.len() && self.text.len() - position >= least {
            if let Some(first) = self.first {
                let rest = self.text.get(position..).unwrap_or_default();
                let found = match only {
                    Some(point) => U::find(rest, point),
                    None => rest.iter().position(|it| first.contains(it.point())),
                };
                let Some(found) = found else { return Ok(false) };
                position += found;
            }
            if self.attempt(position, thread)? {
                return Ok(true);
            }
            position += 1;
        }
        Ok(false)
    }

    #[inline(always)]
    fn word(&self, at: usize) -> u32 {
        self.code.get(at).copied().unwrap_or(FAILURE)
    }

    #[inline(always)]
    fn point(&self, position: usize) -> Option<u32> {
        self.text.get(position).map(|it| it.point())
    }

    /// Where the instruction at `at`, whose length stands after it, ends.
    #[inline(always)]
    fn after(&self, at: usize) -> usize {
        at + 1 + self.word(at + 1) as usize
    }

    fn push(&mut self, way: Way, position: usize, round: usize) {
        let (rounds, log, last_index) = (self.rounds.len(), self.log.len(), self.last_index);
        self.choices.push(Choice { way, position, round, rounds, log, last_index });
    }

    fn undo(&mut self, log: usize, last_index: usize) {
        while self.log.len() > log {
            let Some((mark, old)) = self.log.pop() else { break };
            self.marks[mark] = old;
        }
        self.last_index = last_index;
    }

    fn new_round(&mut self, round: Round) -> usize {
        self.rounds.push(round);
        self.rounds.len() - 1
    }

    /// Runs from an instruction until it succeeds, which gives the end, or until no choice of its own is left.
    fn execute(
        &mut self,
        mut at: usize,
        mut position: usize,
        mut round: usize,
        outermost: bool,
        thread: &mut Thread,
    ) -> PyResult<Option<usize>> {
        let floor = self.choices.len();
        loop {
            // An instruction that matches goes on with the next; one that does not leaves the `match`, or gives no place to go on at.
            let operation = self.word(at);
            let jump = match operation {
                LITERAL => {
                    if self.point(position) == Some(self.word(at + 1)) {
                        (at, position) = (at + 2, position + 1);
                        continue;
                    }
                    None
                }
                IN => {
                    if self.point(position).is_some_and(|it| in_charset(self.code, at + 2, it)) {
                        (at, position) = (self.after(at), position + 1);
                        continue;
                    }
                    None
                }
                MARK => {
                    self.set_mark(self.word(at + 1) as usize, position);
                    at += 2;
                    continue;
                }
                INFO | JUMP => {
                    at = self.after(at);
                    continue;
                }
                AT => {
                    if self.is_at(self.word(at + 1), position) {
                        at += 2;
                        continue;
                    }
                    None
                }
                SUCCESS => {
                    let refused = outermost
                        && (self.full && position != self.text.len()
                            || self.forbidden_empty == Some(position) && position == self.start);
                    if !refused {
                        self.choices.truncate(floor);
                        return Ok(Some(position));
                    }
                    None
                }
                NOT_LITERAL
                | ANY
                | ANY_ALL
                | CATEGORY
                | LITERAL_IGNORE
                | NOT_LITERAL_IGNORE
                | LITERAL_UNI_IGNORE
                | NOT_LITERAL_UNI_IGNORE
                | LITERAL_LOC_IGNORE
                | NOT_LITERAL_LOC_IGNORE => {
                    if self.point(position).is_some_and(|it| matches_one(self.code, at, it)) {
                        at += if matches!(operation, ANY | ANY_ALL) { 1 } else { 2 };
                        position += 1;
                        continue;
                    }
                    None
                }
                IN_IGNORE | IN_UNI_IGNORE | IN_LOC_IGNORE => {
                    let matched = self.point(position).is_some_and(|it| matches_one(self.code, at, it));
                    matched.then(|| (self.after(at), position + 1, round))
                }
                BRANCH => self.alternative(at + 1, position, round),
                REPEAT => {
                    let outer = round;
                    let first = Round { repeat: at, count: 0, last_start: UNSET, outer };
                    let inner = self.new_round(first);
                    Some((self.after(at), position, inner))
                }
                MAX_UNTIL => {
                    self.count_step(thread)?;
                    self.greedy_round(at, position, round)
                }
                MIN_UNTIL => self.lazy_round(at, position, round),
                REPEAT_ONE => self.greedy_run(at, position, round),
                MIN_REPEAT_ONE => self.lazy_run(at, position, round),
                POSSESSIVE_REPEAT_ONE => {
                    let (least, most) = self.bounds(at);
                    let count = self.count(at + 4, position, most);
                    (count >= least).then(|| (self.after(at), position + count, round))
                }
                GROUPREF | GROUPREF_IGNORE | GROUPREF_LOC_IGNORE | GROUPREF_UNI_IGNORE => self
                    .reference(operation, self.word(at + 1) as usize, position)
                    .map(|position| (at + 2, position, round)),
                GROUPREF_EXISTS => {
                    let exists = self.group(self.word(at + 1) as usize).is_some();
                    let next = if exists { at + 3 } else { at + 1 + self.word(at + 2) as usize };
                    Some((next, position, round))
                }
                ASSERT | ASSERT_NOT | ATOMIC_GROUP | POSSESSIVE_REPEAT => {
                    self.closed(operation, at, position, round, thread)?
                }
                _ => None,
            };
            let next = match jump {
                Some(next) => next,
                None => {
                    self.count_step(thread)?;
                    let Some(next) = self.backtrack(floor) else { return Ok(None) };
                    next
                }
            };
            (at, position, round) = next;
        }
    }

    /// Counts what could go on for long, and looks at pending signals now and then.
    #[inline(always)]
    fn count_step(&mut self, thread: &mut Thread) -> PyResult<()> {
        self.steps += 1;
        if self.steps < STEPS_BETWEEN_CHECKS {
            return Ok(());
        }
        self.steps = 0;
        if self.make_room().is_err() {
            return Err(thread.raise_memory_error());
        }
        thread.check_signals()
    }

    /// Room for what the steps up to the next check leave behind, so that a long match finds out in time that there is none.
    fn make_room(&mut self) -> Result<(), std::collections::TryReserveError> {
        let most = 4 * STEPS_BETWEEN_CHECKS as usize;
        self.choices.try_reserve(most)?;
        self.rounds.try_reserve(most)?;
        self.log.try_reserve(most)
    }

    /// Takes up the last choice above `floor`.
    fn backtrack(&mut self, floor: usize) -> Option<(usize, usize, usize)> {
        while self.choices.len() > floor {
            let choice = self.choices.pop()?;
            self.undo(choice.log, choice.last_index);
            self.rounds.truncate(choice.rounds);
            let Choice { way, position, round, .. } = choice;
            let next = match way {
                Way::Resume(at) => Some((at, position, round)),
                Way::Alternative(at) => self.alternative(at, position, round),
                Way::Shorter(at, least) => self.give_back(at, least, position, round),
                Way::Longer(at, count) => {
                    let (_, most) = self.bounds(at);
                    let point = self.point(position).filter(|_| count < most);
                    let matched = point.is_some_and(|it| matches_one(self.code, at + 4, it));
                    matched.then(|| {
                        self.push(Way::Longer(at, count + 1), position + 1, round);
                        (self.after(at), position + 1, round)
                    })
                }
                Way::Again => self.another_round(position, round),
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    /// The alternative at `at`, where its length stands; 0 after the last.
    fn alternative(&mut self, at: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let mut at = at;
        loop {
            let length = self.word(at) as usize;
            if length == 0 {
                return None;
            }
            let next = at + length;
            // An alternative that cannot begin here is passed over at once.
            let begins = match self.word(at + 1) {
                LITERAL => self.point(position) == Some(self.word(at + 2)),
                NOT_LITERAL => self.point(position).is_some_and(|it| it != self.word(at + 2)),
                IN => self.point(position).is_some_and(|it| in_charset(self.code, at + 3, it)),
                AT => self.is_at(self.word(at + 2), position),
                _ => true,
            };
            if !begins {
                at = next;
                continue;
            }
            if self.word(next) != 0 {
                self.push(Way::Alternative(next), position, round);
            }
            return Some((at + 1, position, round));
        }
    }

    /// The least and the greatest count of the repeat at `at`.
    fn bounds(&self, at: usize) -> (usize, usize) {
        let most = self.word(at + 3);
        (self.word(at + 2) as usize, if most == MAXREPEAT { usize::MAX } else { most as usize })
    }

    /// How many characters from `position` on the one-character instruction matches, at most `most`.
    fn count(&self, at: usize, position: usize, most: usize) -> usize {
        let rest = self.text.get(position..).unwrap_or_default();
        let rest = &rest[..rest.len().min(most)];
        let (code, operand) = (self.code, self.word(at + 1));
        let stop = match self.word(at) {
            ANY_ALL => None,
            ANY => rest.iter().position(|it| characters::is_line_feed(it.point())),
            LITERAL => rest.iter().position(|it| it.point() != operand),
            NOT_LITERAL => rest.iter().position(|it| it.point() == operand),
            IN => rest.iter().position(|it| !in_charset(code, at + 2, it.point())),
            _ => rest.iter().position(|it| !matches_one(code, at, it.point())),
        };
        stop.unwrap_or(rest.len())
    }

    fn greedy_run(&mut self, at: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let (least, most) = self.bounds(at);
        let count = self.count(at + 4, position, most);
        if count < least {
            return None;
        }
        // The first try is like giving nothing back.
        self.take(at, position + least, position + count, round)
    }

    fn give_back(&mut self, at: usize, least: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        if position <= least {
            return None;
        }
        self.take(at, least, position - 1, round)
    }

    /// Goes on after a greedy repeat at `end` or, if a literal must follow, at the last place before where it does.
    fn take(&mut self, at: usize, least: usize, end: usize, round: usize) -> Option<(usize, usize, usize)> {
        let tail = self.after(at);
        let mut end = end;
        if self.word(tail) == LITERAL {
            let literal = self.word(tail + 1);
            loop {
                if self.point(end) == Some(literal) {
                    break;
                }
                if end <= least {
                    return None;
                }
                end -= 1;
            }
        }
        if end > least {
            self.push(Way::Shorter(at, least), end, round);
        }
        Some((tail, end, round))
    }

    fn lazy_run(&mut self, at: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let (least, most) = self.bounds(at);
        if self.count(at + 4, position, least) < least {
            return None;
        }
        let position = position + least;
        if least < most {
            self.push(Way::Longer(at, least), position, round);
        }
        Some((self.after(at), position, round))
    }

    /// `MAX_UNTIL` at `at`: once more round if that is possible, on behind it if not.
    fn greedy_round(&mut self, at: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let current = *self.rounds.get(round)?;
        let (least, most) = self.bounds(current.repeat);
        let body = current.repeat + 4;
        if current.count < least {
            let next = self.new_round(Round { count: current.count + 1, ..current });
            return Some((body, position, next));
        }
        if current.count < most && position != current.last_start {
            self.push(Way::Resume(at + 1), position, current.outer);
            let next = self.new_round(Round { count: current.count + 1, last_start: position, ..current });
            return Some((body, position, next));
        }
        Some((at + 1, position, current.outer))
    }

    /// `MIN_UNTIL` at `at`: on behind it, and once more round if that fails.
    fn lazy_round(&mut self, at: usize, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let current = *self.rounds.get(round)?;
        let (least, most) = self.bounds(current.repeat);
        if current.count < least {
            let next = self.new_round(Round { count: current.count + 1, ..current });
            return Some((current.repeat + 4, position, next));
        }
        if current.count < most && position != current.last_start {
            self.push(Way::Again, position, round);
        }
        Some((at + 1, position, current.outer))
    }

    fn another_round(&mut self, position: usize, round: usize) -> Option<(usize, usize, usize)> {
        let current = *self.rounds.get(round)?;
        let next = self.new_round(Round { count: current.count + 1, last_start: position, ..current });
        Some((current.repeat + 4, position, next))
    }

    /// What is matched with the choices from before out of reach, and leaves none behind.
    fn closed(
        &mut self,
        operation: u32,
        at: usize,
        position: usize,
        round: usize,
        thread: &mut Thread,
    ) -> PyResult<Option<(usize, usize, usize)>> {
        thread.check_stack(" in regular expression")?;
        let next = self.after(at);
        let (log, last_index) = (self.log.len(), self.last_index);
        match operation {
            ATOMIC_GROUP => {
                let end = self.execute(at + 2, position, round, false, thread)?;
                Ok(end.map(|end| (next, end, round)))
            }
            POSSESSIVE_REPEAT => {
                let end = self.possessive(at, position, round, thread)?;
                Ok(end.map(|end| (next + 1, end, round)))
            }
            ASSERT => {
                let Some(start) = position.checked_sub(self.word(at + 2) as usize) else { return Ok(None) };
                let end = self.execute(at + 3, start, round, false, thread)?;
                Ok(end.map(|_| (next, position, round)))
            }
            _ => {
                let Some(start) = position.checked_sub(self.word(at + 2) as usize) else {
                    return Ok(Some((next, position, round)));
                };
                let end = self.execute(at + 3, start, round, false, thread)?;
                self.undo(log, last_index);
                Ok(end.is_none().then_some((next, position, round)))
            }
        }
    }

    fn possessive(
        &mut self,
        at: usize,
        mut position: usize,
        round: usize,
        thread: &mut Thread,
    ) -> PyResult<Option<usize>> {
        let (least, most) = self.bounds(at);
        let mut count = 0;
        while count < most {
            let (log, last_index) = (self.log.len(), self.last_index);
            let Some(end) = self.execute(at + 4, position, round, false, thread)? else {
                self.undo(log, last_index);
                break;
            };
            let moved = end != position;
            position = end;
            count += 1;
            if !moved && count >= least {
                break;
            }
        }
        Ok((count >= least).then_some(position))
    }

    fn set_mark(&mut self, mark: usize, position: usize) {
        let Some(place) = self.marks.get_mut(mark) else { return };
        let old = std::mem::replace(place, position);
        self.log.push((mark, old));
        if mark & 1 == 1 {
            self.last_index = mark / 2 + 1;
        }
    }

    /// Where a group matched.
    fn group(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (*self.marks.get(group * 2)?, *self.marks.get(group * 2 + 1)?);
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    /// Where the text of a group, found again at `position`, ends.
    fn reference(&self, operation: u32, group: usize, position: usize) -> Option<usize> {
        let (start, end) = self.group(group)?;
        let fold = fold_for_reference(operation);
        let (old, new) = (self.text.get(start..end)?, self.text.get(position..position + (end - start))?);
        let same = old.iter().zip(new).all(|(a, b)| fold(a.point()) == fold(b.point()));
        same.then_some(position + (end - start))
    }

    fn is_at(&self, kind: u32, position: usize) -> bool {
        let end = self.text.len();
        let before = position.checked_sub(1).and_then(|it| self.point(it));
        let here = self.point(position);
        let is_boundary = |is_word: fn(u32) -> bool| before.is_some_and(is_word) != here.is_some_and(is_word);
        match kind {
            at::BEGINNING | at::BEGINNING_STRING => position == 0,
            at::BEGINNING_LINE => before.is_none_or(characters::is_line_feed),
            at::END => position == end || position + 1 == end && here.is_some_and(characters::is_line_feed),
            at::END_LINE => here.is_none_or(characters::is_line_feed),
            at::END_STRING => position == end,
            at::BOUNDARY | at::LOC_BOUNDARY => is_boundary(characters::is_word_ascii),
            at::NON_BOUNDARY | at::LOC_NON_BOUNDARY => !is_boundary(characters::is_word_ascii),
            at::UNI_BOUNDARY => is_boundary(characters::is_word_unicode),
            at::UNI_NON_BOUNDARY => !is_boundary(characters::is_word_unicode),
            _ => false,
        }
    }
}
