//! `_stat`: the parts of a file's mode.

use macros::python_module;
use objects::errors::PyResult;
use objects::method::{FromArgument, Position};
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use system::constants::{self, Constant};

/// The flags of the BSDs are here too, whatever the system.
const CONSTANTS: &[Constant] = &[
    ("S_IFDIR", 0x4000),
    ("S_IFCHR", 0x2000),
    ("S_IFBLK", 0x6000),
    ("S_IFREG", 0x8000),
    ("S_IFIFO", 0x1000),
    ("S_IFLNK", 0xa000),
    ("S_IFSOCK", 0xc000),
    ("S_IFDOOR", 0),
    ("S_IFPORT", 0),
    ("S_IFWHT", 0),
    ("S_ISUID", 0x800),
    ("S_ISGID", 0x400),
    ("S_ISVTX", 0x200),
    ("S_ENFMT", 0x400),
    ("S_IREAD", 256),
    ("S_IWRITE", 128),
    ("S_IEXEC", 64),
    ("S_IRWXU", 448),
    ("S_IRUSR", 256),
    ("S_IWUSR", 128),
    ("S_IXUSR", 64),
    ("S_IRWXG", 56),
    ("S_IRGRP", 32),
    ("S_IWGRP", 16),
    ("S_IXGRP", 8),
    ("S_IRWXO", 7),
    ("S_IROTH", 4),
    ("S_IWOTH", 2),
    ("S_IXOTH", 1),
    ("UF_SETTABLE", 0xffff),
    ("UF_NODUMP", 1),
    ("UF_IMMUTABLE", 2),
    ("UF_APPEND", 4),
    ("UF_OPAQUE", 8),
    ("UF_NOUNLINK", 16),
    ("UF_COMPRESSED", 32),
    ("UF_TRACKED", 64),
    ("UF_DATAVAULT", 128),
    ("UF_HIDDEN", 0x8000),
    ("SF_SETTABLE", 0xffff0000),
    ("SF_ARCHIVED", 0x10000),
    ("SF_IMMUTABLE", 0x20000),
    ("SF_APPEND", 0x40000),
    ("SF_NOUNLINK", 0x100000),
    ("SF_SNAPSHOT", 0x200000),
    ("SF_FIRMLINK", 0x800000),
    ("SF_DATALESS", 0x40000000),
    ("ST_MODE", 0),
    ("ST_INO", 1),
    ("ST_DEV", 2),
    ("ST_NLINK", 3),
    ("ST_UID", 4),
    ("ST_GID", 5),
    ("ST_SIZE", 6),
    ("ST_ATIME", 7),
    ("ST_MTIME", 8),
    ("ST_CTIME", 9),
];

/// A file's mode.
struct Mode(u32);

impl FromArgument<'_> for Mode {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        let int = protocol::index(value, thread)?;
        match int.to_i128() {
            Some(mode @ 0..) if u32::try_from(mode).is_ok() => Ok(Self(mode as u32)),
            _ if int.is_negative() => {
                Err(raise!(thread, OverflowError, "can't convert negative value to unsigned int"))
            }
            Some(mode) if u64::try_from(mode).is_ok() => Err(raise!(thread, OverflowError, "mode out of range")),
            _ => Err(raise!(thread, OverflowError, "Python int too large to convert to C unsigned long")),
        }
    }
}

impl Mode {
    fn is(&self, kind: u32) -> bool {
        self.0 & libc::S_IFMT == kind
    }

    /// The letter for the kind of file.
    fn letter(&self) -> char {
        match self.0 & libc::S_IFMT {
            libc::S_IFREG => '-',
            libc::S_IFDIR => 'd',
            libc::S_IFLNK => 'l',
            libc::S_IFBLK => 'b',
            libc::S_IFCHR => 'c',
            libc::S_IFIFO => 'p',
            libc::S_IFSOCK => 's',
            _ => '?',
        }
    }

    /// `rwx` for one of owner, group and others, whose special bit shows in place of the `x`.
    fn permissions(&self, shift: u32, special: u32, letter: char) -> [char; 3] {
        let bits = self.0 >> shift;
        let executable = match (bits & 1 != 0, self.0 & special != 0) {
            (true, true) => letter,
            (false, true) => letter.to_ascii_uppercase(),
            (true, false) => 'x',
            (false, false) => '-',
        };
        [if bits & 4 != 0 { 'r' } else { '-' }, if bits & 2 != 0 { 'w' } else { '-' }, executable]
    }
}

pub struct StatModule;

/// S_IFMT_: file type bits
/// S_IFDIR: directory
/// S_IFCHR: character device
/// S_IFBLK: block device
/// S_IFREG: regular file
/// S_IFIFO: fifo (named pipe)
/// S_IFLNK: symbolic link
/// S_IFSOCK: socket file
/// S_IFDOOR: door
/// S_IFPORT: event port
/// S_IFWHT: whiteout
///
/// S_ISUID: set UID bit
/// S_ISGID: set GID bit
/// S_ENFMT: file locking enforcement
/// S_ISVTX: sticky bit
/// S_IREAD: Unix V7 synonym for S_IRUSR
/// S_IWRITE: Unix V7 synonym for S_IWUSR
/// S_IEXEC: Unix V7 synonym for S_IXUSR
/// S_IRWXU: mask for owner permissions
/// S_IRUSR: read by owner
/// S_IWUSR: write by owner
/// S_IXUSR: execute by owner
/// S_IRWXG: mask for group permissions
/// S_IRGRP: read by group
/// S_IWGRP: write by group
/// S_IXGRP: execute by group
/// S_IRWXO: mask for others (not in group) permissions
/// S_IROTH: read by others
/// S_IWOTH: write by others
/// S_IXOTH: execute by others
///
/// UF_SETTABLE: mask of owner changeable flags
/// UF_NODUMP: do not dump file
/// UF_IMMUTABLE: file may not be changed
/// UF_APPEND: file may only be appended to
/// UF_OPAQUE: directory is opaque when viewed through a union stack
/// UF_NOUNLINK: file may not be renamed or deleted
/// UF_COMPRESSED: macOS: file is hfs-compressed
/// UF_TRACKED: used for dealing with document IDs
/// UF_DATAVAULT: entitlement required for reading and writing
/// UF_HIDDEN: macOS: file should not be displayed
/// SF_SETTABLE: mask of super user changeable flags
/// SF_ARCHIVED: file may be archived
/// SF_IMMUTABLE: file may not be changed
/// SF_APPEND: file may only be appended to
/// SF_RESTRICTED: entitlement required for writing
/// SF_NOUNLINK: file may not be renamed or deleted
/// SF_SNAPSHOT: file is a snapshot file
/// SF_FIRMLINK: file is a firmlink
/// SF_DATALESS: file is a dataless object
///
/// On macOS:
/// SF_SUPPORTED: mask of super user supported flags
/// SF_SYNTHETIC: mask of read-only synthetic flags
///
/// ST_MODE
/// ST_INO
/// ST_DEV
/// ST_NLINK
/// ST_UID
/// ST_GID
/// ST_SIZE
/// ST_ATIME
/// ST_MTIME
/// ST_CTIME
///
/// FILE_ATTRIBUTE_*: Windows file attribute constants
///                    (only present on Windows)
///
#[python_module(name = "_stat")]
impl StatModule {
    /// S_ISDIR($self, object, /)
    /// --
    ///
    /// S_ISDIR(mode) -> bool
    ///
    /// Return True if mode is from a directory.
    #[function(name = "S_ISDIR")]
    fn is_directory(mode: Mode) -> bool {
        mode.is(libc::S_IFDIR)
    }

    /// S_ISCHR($self, object, /)
    /// --
    ///
    /// S_ISCHR(mode) -> bool
    ///
    /// Return True if mode is from a character special device file.
    #[function(name = "S_ISCHR")]
    fn is_character_device(mode: Mode) -> bool {
        mode.is(libc::S_IFCHR)
    }

    /// S_ISBLK($self, object, /)
    /// --
    ///
    /// S_ISBLK(mode) -> bool
    ///
    /// Return True if mode is from a block special device file.
    #[function(name = "S_ISBLK")]
    fn is_block_device(mode: Mode) -> bool {
        mode.is(libc::S_IFBLK)
    }

    /// S_ISREG($self, object, /)
    /// --
    ///
    /// S_ISREG(mode) -> bool
    ///
    /// Return True if mode is from a regular file.
    #[function(name = "S_ISREG")]
    fn is_regular(mode: Mode) -> bool {
        mode.is(libc::S_IFREG)
    }

    /// S_ISFIFO($self, object, /)
    /// --
    ///
    /// S_ISFIFO(mode) -> bool
    ///
    /// Return True if mode is from a FIFO (named pipe).
    #[function(name = "S_ISFIFO")]
    fn is_fifo(mode: Mode) -> bool {
        mode.is(libc::S_IFIFO)
    }

    /// S_ISLNK($self, object, /)
    /// --
    ///
    /// S_ISLNK(mode) -> bool
    ///
    /// Return True if mode is from a symbolic link.
    #[function(name = "S_ISLNK")]
    fn is_link(mode: Mode) -> bool {
        mode.is(libc::S_IFLNK)
    }

    /// S_ISSOCK($self, object, /)
    /// --
    ///
    /// S_ISSOCK(mode) -> bool
    ///
    /// Return True if mode is from a socket.
    #[function(name = "S_ISSOCK")]
    fn is_socket(mode: Mode) -> bool {
        mode.is(libc::S_IFSOCK)
    }

    /// S_ISDOOR($self, object, /)
    /// --
    ///
    /// S_ISDOOR(mode) -> bool
    ///
    /// Return True if mode is from a door.
    #[function(name = "S_ISDOOR")]
    fn is_door(_mode: Mode) -> bool {
        false
    }

    /// S_ISPORT($self, object, /)
    /// --
    ///
    /// S_ISPORT(mode) -> bool
    ///
    /// Return True if mode is from an event port.
    #[function(name = "S_ISPORT")]
    fn is_port(_mode: Mode) -> bool {
        false
    }

    /// S_ISWHT($self, object, /)
    /// --
    ///
    /// S_ISWHT(mode) -> bool
    ///
    /// Return True if mode is from a whiteout.
    #[function(name = "S_ISWHT")]
    fn is_whiteout(_mode: Mode) -> bool {
        false
    }

    /// S_IMODE($self, object, /)
    /// --
    ///
    /// Return the portion of the file's mode that can be set by os.chmod().
    #[function(name = "S_IMODE")]
    fn permission_bits(mode: Mode) -> u32 {
        mode.0 & 0o7777
    }

    /// S_IFMT($self, object, /)
    /// --
    ///
    /// Return the portion of the file's mode that describes the file type.
    #[function(name = "S_IFMT")]
    fn kind_bits(mode: Mode) -> u32 {
        mode.0 & libc::S_IFMT
    }

    /// filemode($self, object, /)
    /// --
    ///
    /// Convert a file's mode to a string of the form '-rwxrwxrwx'
    #[function]
    fn filemode(mode: Mode) -> String {
        let parts = [
            mode.permissions(6, libc::S_ISUID, 's'),
            mode.permissions(3, libc::S_ISGID, 's'),
            mode.permissions(0, libc::S_ISVTX, 't'),
        ];
        std::iter::once(mode.letter()).chain(parts.concat()).collect()
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)
    }
}
