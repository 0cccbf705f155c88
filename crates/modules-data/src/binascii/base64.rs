//! Base64 (RFC 4648), lenient by default: what is not of the alphabet is passed over.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each byte of the alphabet; 255 for others.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut index = 0;
    while index < 64 {
        values[ALPHABET[index] as usize] = index as u8;
        index += 1;
    }
    values
};

pub fn encode(data: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    let letter = |value: u32| ALPHABET[(value & 63) as usize];
    let mut chunks = data.chunks_exact(3);
    for chunk in &mut chunks {
        let group = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
        out.extend([letter(group >> 18), letter(group >> 12), letter(group >> 6), letter(group)]);
    }
    match *chunks.remainder() {
        [a] => out.extend([letter(u32::from(a) >> 2), letter(u32::from(a) << 4), b'=', b'=']),
        [a, b] => {
            let group = u32::from(a) << 8 | u32::from(b);
            out.extend([letter(group >> 10), letter(group >> 4), letter(group << 2), b'=']);
        }
        _ => {}
    }
    if newline {
        out.push(b'\n');
    }
    out
}

/// The quantum that is being read.
#[derive(Default)]
struct Quantum {
    sextets: usize,
    bits: u32,
    /// Padding since the last sextet.
    pads: usize,
}

impl Quantum {
    fn is_padded(&self) -> bool {
        self.sextets >= 2 && self.sextets + self.pads >= 4
    }

    /// Takes a sextet in; gives the byte that it completes.
    fn push(&mut self, value: u8) -> Option<u8> {
        self.pads = 0;
        self.bits = self.bits << 6 | u32::from(value);
        self.sextets += 1;
        match self.sextets {
            1 => None,
            2 => Some((self.bits >> 4) as u8),
            3 => Some((self.bits >> 2) as u8),
            _ => {
                let byte = self.bits as u8;
                *self = Self::default();
                Some(byte)
            }
        }
    }

    /// What strict decoding says of padding here, if it is wrong.
    fn check_padding(&self, is_first: bool) -> Result<(), &'static str> {
        match self.sextets {
            0 if is_first => Err("Leading padding not allowed"),
            0 => Err("Excess padding not allowed"),
            _ if self.is_padded() => Err("Excess padding not allowed"),
            _ => Ok(()),
        }
    }
}

/// The message for one sextet that no byte can be made of.
fn lone_sextet(bytes: usize) -> String {
    let count = bytes / 3 * 4 + 1;
    format!("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")
}

pub fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut quantum = Quantum::default();
    for (index, byte) in text.iter().enumerate() {
        if *byte == b'=' {
            if strict {
                quantum.check_padding(index == 0)?;
                if quantum.sextets == 1 {
                    return Err(lone_sextet(out.len()));
                }
            }
            quantum.pads += 1;
            continue;
        }
        let value = VALUES[usize::from(*byte)];
        if value == 255 {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        }
        if strict && quantum.pads > 0 {
            let excess = quantum.is_padded();
            return Err(
                if excess { "Excess data after padding" } else { "Discontinuous padding not allowed" }.to_owned()
            );
        }
        out.extend(quantum.push(value));
    }
    match quantum.sextets {
        0 => Ok(out),
        1 => Err(lone_sextet(out.len())),
        _ if quantum.is_padded() => Ok(out),
        _ => Err("Incorrect padding".to_owned()),
    }
}
