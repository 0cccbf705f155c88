//! C structs that system calls fill in.

/// Structs of which all bits zero is a value.
///
/// # Safety
/// The struct holds numbers and nullable pointers only.
pub unsafe trait Zeroed: Sized {
    fn zeroed() -> Self {
        // SAFETY: the trait's promise.
        unsafe { std::mem::zeroed() }
    }
}

macro_rules! zeroed {
    ($($name:ident)*) => {
        // SAFETY: plain C structs of the system.
        $(unsafe impl Zeroed for libc::$name {})*
    };
}

zeroed! {
    stat statvfs utsname tms rusage rlimit itimerspec itimerval timespec tm siginfo_t sigset_t sigaction sched_param cpu_set_t
    winsize termios flock passwd group sockaddr_storage sockaddr_un sockaddr_in sockaddr_in6 sockaddr_nl sockaddr_ll sockaddr_can
    sockaddr_vm sockaddr_alg msghdr addrinfo epoll_event stack_t
}
