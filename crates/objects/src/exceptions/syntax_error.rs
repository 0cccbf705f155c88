//! `SyntaxError`: where the source went wrong.

use std::mem::offset_of;

use macros::{Instance, python_type};
use text::builder::StrBuilder;

use super::hierarchy::Exception;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::int::Int;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Member, MemberKind};

/// Invalid syntax.
#[derive(Instance)]
#[repr(C)]
pub struct SyntaxError {
    base: Exception,
    /// What is wrong.
    pub msg: Field,
    pub filename: Field,
    pub lineno: Field,
    /// The column, counted from 1.
    pub offset: Field,
    pub end_lineno: Field,
    pub end_offset: Field,
    /// The source line.
    pub text: Field,
    pub print_file_and_line: Field,
    metadata: Field,
}

const _: () = {
    assert!(size_of::<SyntaxError>() == size_of::<layout::PySyntaxErrorObject>());
    assert!(offset_of!(SyntaxError, text) == offset_of!(layout::PySyntaxErrorObject, text));
};

macro_rules! members {
    ($($name:literal $field:ident $doc:literal;)*) => {
        &[$(Member::writable($name, MemberKind::Object, offset_of!(SyntaxError, $field), Some($doc))),*]
    };
}

const MEMBERS: &[Member] = members! {
    c"msg" msg c"exception msg";
    c"filename" filename c"exception filename";
    c"lineno" lineno c"exception lineno";
    c"offset" offset c"exception offset";
    c"text" text c"exception text";
    c"end_lineno" end_lineno c"exception end lineno";
    c"end_offset" end_offset c"exception end offset";
    c"print_file_and_line" print_file_and_line c"exception print_file_and_line";
    c"_metadata" metadata c"exception private metadata";
};

/// The last part of a path.
fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl SyntaxError {
    /// Takes the second argument apart: `(filename, lineno, offset, text, end_lineno, end_offset, metadata)`, of which the last
    /// three may be left out.
    fn take_place(&self, place: &Object, thread: &mut Thread) -> PyResult<()> {
        let place = protocol::to_tuple(place, thread)?;
        let given = place.length();
        let fields = [
            &self.filename,
            &self.lineno,
            &self.offset,
            &self.text,
            &self.end_lineno,
            &self.end_offset,
            &self.metadata,
        ];
        let (least, most) = (4, fields.len());
        if given < least {
            return Err(raise!(thread, TypeError, "function takes at least {least} arguments ({given} given)"));
        }
        if given > most {
            return Err(raise!(thread, TypeError, "function takes at most {most} arguments ({given} given)"));
        }
        for (index, field) in fields.iter().enumerate() {
            field.set(place.items().get(index).cloned());
        }
        if !self.end_lineno.is_empty() && self.end_offset.is_empty() {
            return Err(raise!(thread, TypeError, "end_offset must be provided when end_lineno is provided"));
        }
        Ok(())
    }
}

/// Invalid syntax.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = MEMBERS)]
impl SyntaxError {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        if let Some(message) = arguments.items().first() {
            self.msg.set(Some(message.clone()));
        }
        match arguments.items() {
            [_, place] => self.take_place(place, thread),
            _ => Ok(()),
        }
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let message = self.msg.get().unwrap_or_else(|| thread.none());
        let filename = self.filename.get();
        let filename = filename.as_ref().and_then(|it| it.downcast::<Str>()).map(Str::to_string_lossy);
        let line = self.lineno.get().filter(|it| it.is_exactly::<Int>());
        let message = protocol::str(&message, thread)?;
        let line = match line {
            Some(line) => Some(protocol::str(&line, thread)?.to_string_lossy()),
            None => None,
        };
        let place = match (filename.as_deref().map(base_name), line) {
            (None, None) => return Ok(message),
            (Some(file), Some(line)) => format!(" ({file}, line {line})"),
            (Some(file), None) => format!(" ({file})"),
            (None, Some(line)) => format!(" (line {line})"),
        };
        let mut text = StrBuilder::new();
        text.push_view(message.view());
        text.push_str(&place);
        Str::from_builder(text, thread)
    }
}
