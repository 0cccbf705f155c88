//! `termios`: the settings of terminals.

use macros::python_module;
use objects::errors::{Exception, PyResult, Raised};
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::protocol::buffer::bytes_contents;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::constants::{self, Constant};
use system::descriptor::{Descriptor, as_c_int};
use system::exception;
use system::libc_constants;
use system::zeroed::Zeroed;

const FROM_LIBC: &[Constant] = libc_constants![
    B0 B50 B75 B110 B134 B150 B200 B300 B600 B1200 B1800 B2400 B4800 B9600 B19200 B38400 B57600 B115200 B230400
    B460800 B500000 B576000 B921600 B1000000 B1152000 B1500000 B2000000 B2500000 B3000000 B3500000 B4000000 CBAUDEX
    TCSANOW TCSADRAIN TCSAFLUSH TCIFLUSH TCOFLUSH TCIOFLUSH TCOOFF TCOON TCIOFF TCION IGNBRK BRKINT IGNPAR PARMRK
    INPCK ISTRIP INLCR IGNCR ICRNL IUCLC IXON IXANY IXOFF IMAXBEL IUTF8 OPOST OLCUC ONLCR OCRNL ONOCR ONLRET OFILL
    OFDEL NLDLY CRDLY TABDLY BSDLY VTDLY FFDLY NL0 NL1 CR0 CR1 CR2 CR3 TAB0 TAB1 TAB2 TAB3 XTABS BS0 BS1 VT0 VT1 FF0
    FF1 CSIZE CSTOPB CREAD PARENB PARODD HUPCL CLOCAL CIBAUD CRTSCTS CS5 CS6 CS7 CS8 ISIG ICANON XCASE ECHO ECHOE
    ECHOK ECHONL ECHOCTL ECHOPRT ECHOKE FLUSHO NOFLSH TOSTOP PENDIN IEXTEN EXTPROC VINTR VQUIT VERASE VKILL VEOF
    VTIME VMIN VSWTC VSTART VSTOP VSUSP VEOL VREPRINT VDISCARD VWERASE VLNEXT VEOL2 CBAUD EXTA EXTB FIOASYNC FIOCLEX
    FIONBIO FIONCLEX FIONREAD IBSHIFT NCCS TCFLSH TCGETS TCSBRK TCSBRKP TCSETS TCSETSF TCSETSW TCXONC TIOCCONS
    TIOCEXCL TIOCGETD TIOCGICOUNT TIOCGLCKTRMIOS TIOCGPGRP TIOCGSERIAL TIOCGSOFTCAR TIOCGWINSZ TIOCINQ TIOCLINUX
    TIOCMBIC TIOCMBIS TIOCMGET TIOCMIWAIT TIOCMSET TIOCM_CAR TIOCM_CD TIOCM_CTS TIOCM_DSR TIOCM_DTR TIOCM_LE
    TIOCM_RI TIOCM_RNG TIOCM_RTS TIOCM_SR TIOCM_ST TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCPKT TIOCSCTTY TIOCSERCONFIG
    TIOCSERGETLSR TIOCSERGETMULTI TIOCSERGSTRUCT TIOCSERGWILD TIOCSERSETMULTI TIOCSERSWILD TIOCSETD TIOCSLCKTRMIOS
    TIOCSPGRP TIOCSSERIAL TIOCSSOFTCAR TIOCSTI TIOCSWINSZ _POSIX_VDISABLE
];

/// What crate `libc` does not have: the numbers are those of Linux.
const OTHERS: &[Constant] = &[
    ("VSWTCH", 7),
    ("B7200", 0x1c20),
    ("B14400", 0x3840),
    ("B28800", 0x7080),
    ("B76800", 0x12c00),
    ("CDSUSP", 25),
    ("CEOF", 4),
    ("CEOL", 0),
    ("CEOT", 4),
    ("CERASE", 127),
    ("CFLUSH", 15),
    ("CINTR", 3),
    ("CKILL", 21),
    ("CLNEXT", 22),
    ("CQUIT", 28),
    ("CRPRNT", 18),
    ("CSTART", 17),
    ("CSTOP", 19),
    ("CSUSP", 26),
    ("CWERASE", 23),
    ("IOCSIZE_MASK", 0x3fff0000),
    ("IOCSIZE_SHIFT", 16),
    ("N_MOUSE", 2),
    ("N_PPP", 3),
    ("N_SLIP", 1),
    ("N_STRIP", 4),
    ("N_TTY", 0),
    ("TIOCPKT_DATA", 0),
    ("TIOCPKT_DOSTOP", 32),
    ("TIOCPKT_FLUSHREAD", 1),
    ("TIOCPKT_FLUSHWRITE", 2),
    ("TIOCPKT_NOSTOP", 16),
    ("TIOCPKT_START", 8),
    ("TIOCPKT_STOP", 4),
    ("TIOCSER_TEMT", 1),
];

/// `termios.error`.
#[derive(Default)]
struct State {
    error: Field,
}

#[cold]
fn raise_error(number: i32, thread: &mut Thread) -> Raised {
    if number == libc::EINTR
        && let Err(raised) = thread.check_signals()
    {
        return raised;
    }
    match thread.interpreter().extension::<State>().error.get() {
        Some(class) => exception::raise_number(&class, number, thread),
        None => thread.raise_os_error(number, None),
    }
}

/// Calls once, with errors as `termios.error`.
fn checked(call: impl FnOnce() -> i32, thread: &mut Thread) -> PyResult<()> {
    call::plain(call, thread).map(drop).map_err(|number| raise_error(number, thread))
}

fn read_settings(fd: i32, thread: &mut Thread) -> PyResult<libc::termios> {
    let mut settings = libc::termios::zeroed();
    // SAFETY: a local to write to.
    checked(|| unsafe { libc::tcgetattr(fd, &mut settings) }, thread)?;
    Ok(settings)
}

/// The places of control characters that are counts when the terminal does not read lines.
const COUNTS: [usize; 2] = [libc::VMIN, libc::VTIME];

fn settings_list(settings: &libc::termios, thread: &mut Thread) -> PyResult<Py<List>> {
    let by_lines = settings.c_lflag & libc::ICANON != 0;
    let mut characters = Vec::with_capacity(settings.c_cc.len());
    for (place, character) in settings.c_cc.iter().enumerate() {
        characters.push(if !by_lines && COUNTS.contains(&place) {
            make_int(i128::from(*character), thread)
        } else {
            thread.make_bytes(&[*character])?
        });
    }
    // SAFETY: a local to read.
    let (input, output) = unsafe { (libc::cfgetispeed(settings), libc::cfgetospeed(settings)) };
    let numbers = [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag, input, output];
    let mut items: Vec<_> = numbers.iter().map(|it| make_int(i128::from(*it), thread)).collect();
    items.push(List::new(characters, thread)?.into_object());
    List::new(items, thread)
}

/// A number of the list, cut to 32 bits.
fn flags(value: &Object, thread: &mut Thread) -> PyResult<u32> {
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| i64::try_from(it).ok()) {
        Some(value) => Ok(value as u32),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C long")),
    }
}

/// Changes settings by the list that `tcgetattr` gave.
fn apply(list: &Object, settings: &mut libc::termios, thread: &mut Thread) -> PyResult<()> {
    let items = list.downcast::<List>().map(|it| it.snapshot(thread)).unwrap_or_default();
    let [input, output, control, local, input_speed, output_speed, characters] = &items[..] else {
        return Err(raise!(thread, TypeError, "tcsetattr, arg 3: must be 7 element list"));
    };
    settings.c_iflag = flags(input, thread)?;
    settings.c_oflag = flags(output, thread)?;
    settings.c_cflag = flags(control, thread)?;
    settings.c_lflag = flags(local, thread)?;
    let (input_speed, output_speed) = (flags(input_speed, thread)?, flags(output_speed, thread)?);
    let count = settings.c_cc.len();
    let characters = characters.downcast::<List>().map(|it| it.snapshot(thread)).unwrap_or_default();
    if characters.len() != count {
        return Err(raise!(thread, TypeError, "tcsetattr: attributes[6] must be {count} element list"));
    }
    for (target, character) in settings.c_cc.iter_mut().zip(&characters) {
        *target = match bytes_contents(character) {
            Some([byte]) => *byte,
            _ if character.downcast::<Int>().is_some() => flags(character, thread)? as u8,
            _ => {
                return Err(raise!(
                    thread,
                    TypeError,
                    "tcsetattr: elements of attributes must be bytes objects of length 1 or integers"
                ));
            }
        };
    }
    // SAFETY: a local to change.
    let status = unsafe { libc::cfsetispeed(settings, input_speed) | libc::cfsetospeed(settings, output_speed) };
    if status == -1 { Err(raise_error(call::last_error(), thread)) } else { Ok(()) }
}

pub struct TermiosModule;

/// This module provides an interface to the Posix calls for tty I/O control.
/// For a complete description of these calls, see the Posix or Unix manual
/// pages. It is only available for those Unix versions that support Posix
/// termios style tty I/O control.
///
/// All functions in this module take a file descriptor fd as their first
/// argument. This can be an integer file descriptor, such as returned by
/// sys.stdin.fileno(), or a file object, such as sys.stdin itself.
#[python_module(name = "termios")]
impl TermiosModule {
    /// tcgetattr($module, fd, /)
    /// --
    ///
    /// Get the tty attributes for file descriptor fd.
    ///
    /// Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]
    /// where cc is a list of the tty special characters (each a string of
    /// length 1, except the items with indices VMIN and VTIME, which are
    /// integers when these fields are defined).  The interpretation of the
    /// flags and the speeds as well as the indexing in the cc array must be
    /// done using the symbolic constants defined in this module.
    #[function]
    fn tcgetattr(fd: Descriptor, thread: &mut Thread) -> PyResult<Py<List>> {
        let settings = read_settings(fd.0, thread)?;
        settings_list(&settings, thread)
    }

    /// tcsetattr($module, fd, when, attributes, /)
    /// --
    ///
    /// Set the tty attributes for file descriptor fd.
    ///
    /// The attributes to be set are taken from the attributes argument, which
    /// is a list like the one returned by tcgetattr(). The when argument
    /// determines when the attributes are changed: termios.TCSANOW to
    /// change immediately, termios.TCSADRAIN to change after transmitting all
    /// queued output, or termios.TCSAFLUSH to change after transmitting all
    /// queued output and discarding all queued input.
    #[function]
    fn tcsetattr(fd: Descriptor, when: i32, attributes: &Object, thread: &mut Thread) -> PyResult<()> {
        let items = attributes.downcast::<List>().map(|it| it.items(thread).len());
        if items != Some(7) {
            return Err(raise!(thread, TypeError, "tcsetattr, arg 3: must be 7 element list"));
        }
        // What the list does not say stays.
        let mut settings = read_settings(fd.0, thread)?;
        apply(attributes, &mut settings, thread)?;
        // SAFETY: a local to read.
        checked(|| unsafe { libc::tcsetattr(fd.0, when, &settings) }, thread)
    }

    /// tcsendbreak($module, fd, duration, /)
    /// --
    ///
    /// Send a break on file descriptor fd.
    ///
    /// A zero duration sends a break for 0.25-0.5 seconds; a nonzero duration
    /// has a system dependent meaning.
    #[function]
    fn tcsendbreak(fd: Descriptor, duration: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        checked(|| unsafe { libc::tcsendbreak(fd.0, duration) }, thread)
    }

    /// tcdrain($module, fd, /)
    /// --
    ///
    /// Wait until all output written to file descriptor fd has been transmitted.
    #[function]
    fn tcdrain(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        checked(|| unsafe { libc::tcdrain(fd.0) }, thread)
    }

    /// tcflush($module, fd, queue, /)
    /// --
    ///
    /// Discard queued data on file descriptor fd.
    ///
    /// The queue selector specifies which queue: termios.TCIFLUSH for the input
    /// queue, termios.TCOFLUSH for the output queue, or termios.TCIOFLUSH for
    /// both queues.
    #[function]
    fn tcflush(fd: Descriptor, queue: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        checked(|| unsafe { libc::tcflush(fd.0, queue) }, thread)
    }

    /// tcflow($module, fd, action, /)
    /// --
    ///
    /// Suspend or resume input or output on file descriptor fd.
    ///
    /// The action argument can be termios.TCOOFF to suspend output,
    /// termios.TCOON to restart output, termios.TCIOFF to suspend input,
    /// or termios.TCION to restart input.
    #[function]
    fn tcflow(fd: Descriptor, action: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        checked(|| unsafe { libc::tcflow(fd.0, action) }, thread)
    }

    /// tcgetwinsize($module, fd, /)
    /// --
    ///
    /// Get the tty winsize for file descriptor fd.
    ///
    /// Returns a tuple (ws_row, ws_col).
    #[function]
    fn tcgetwinsize(fd: Descriptor, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut size = libc::winsize::zeroed();
        // SAFETY: a local to write to.
        checked(|| unsafe { libc::ioctl(fd.0, libc::TIOCGWINSZ, &mut size) }, thread)?;
        let items = [size.ws_row, size.ws_col].map(|it| make_int(i128::from(it), thread));
        Tuple::new(items.into(), thread)
    }

    /// tcsetwinsize($module, fd, winsize, /)
    /// --
    ///
    /// Set the tty winsize for file descriptor fd.
    ///
    /// The winsize to be set is taken from the winsize argument, which
    /// is a two-item tuple (ws_row, ws_col) like the one returned by
    /// tcgetwinsize().
    #[function]
    fn tcsetwinsize(fd: Descriptor, winsize: &Object, thread: &mut Thread) -> PyResult<()> {
        let items = if protocol::is_sequence(winsize) { protocol::collect(winsize, thread)? } else { Vec::new() };
        let [rows, columns] = &items[..] else {
            return Err(raise!(thread, TypeError, "tcsetwinsize, arg 2: must be a two-item sequence"));
        };
        let (rows, columns) = (as_c_int(rows, thread)?, as_c_int(columns, thread)?);
        let (Ok(ws_row), Ok(ws_col)) = (u16::try_from(rows), u16::try_from(columns)) else {
            return Err(raise!(thread, OverflowError, "winsize value(s) out of range."));
        };
        let mut size = libc::winsize::zeroed();
        // The size in pixels stays.
        // SAFETY: a local to write to.
        checked(|| unsafe { libc::ioctl(fd.0, libc::TIOCGWINSZ, &mut size) }, thread)?;
        (size.ws_row, size.ws_col) = (ws_row, ws_col);
        // SAFETY: a local to read.
        checked(|| unsafe { libc::ioctl(fd.0, libc::TIOCSWINSZ, &size) }, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, FROM_LIBC, thread)?;
        constants::add(module, OTHERS, thread)?;
        let error = exception::new_exception("termios", "error", &[Exception], thread)?;
        module.set("error", &error, thread)?;
        thread.interpreter().extension::<State>().error.set(Some(error));
        Ok(())
    }
}
