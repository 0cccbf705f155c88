//! `ChannelInfo`: what `get_info` tells of a channel.

use objects::errors::PyResult;
use objects::protocol::make_int;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::struct_sequence;

use super::state::Information;

objects::struct_sequence! {
    /// A named tuple of a channel's state.
    pub struct ChannelInfo = "_interpchannels.ChannelInfo", 8 visible of 16, constructible;
    "open": "both ends are open";
    "closing": "send is closed, recv is non-empty";
    "closed": "both ends are closed";
    "count": "queued objects";
    "num_interp_send": "interpreters bound to the send end";
    "num_interp_send_released": "interpreters bound to the send end and released";
    "num_interp_recv": "interpreters bound to the send end";
    "num_interp_recv_released": "interpreters bound to the send end and released";
    "num_interp_both": "interpreters bound to both ends";
    "num_interp_both_released": "interpreters bound to both ends and released_from_both";
    "num_interp_both_send_released": "interpreters bound to both ends and released_from_the send end";
    "num_interp_both_recv_released": "interpreters bound to both ends and released_from_the recv end";
    "send_associated": "current interpreter is bound to the send end";
    "send_released": "current interpreter *was* bound to the send end";
    "recv_associated": "current interpreter is bound to the recv end";
    "recv_released": "current interpreter *was* bound to the recv end";
}

/// The object for what is known of a channel.
pub fn object(of: &Information, thread: &mut Thread) -> PyResult<Py<Object>> {
    let flag = objects::bool::Bool::new;
    let mut values = vec![flag(of.open), flag(of.closing), flag(of.closed)];
    let counts = [
        of.count,
        of.sending,
        of.sending_released,
        of.receiving,
        of.receiving_released,
        of.both,
        of.both_released,
        of.both_send_released,
        of.both_receive_released,
    ];
    values.extend(counts.map(|it| make_int(it as i128, thread)));
    for own in [of.own_send, of.own_receive] {
        values.push(flag(own == Some(true)));
        values.push(flag(own == Some(false)));
    }
    struct_sequence::make::<ChannelInfo>(values, thread)
}
