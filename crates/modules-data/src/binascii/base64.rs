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

pub fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // Sextets in the quantum so far, the bits that were not given yet, and the padding seen since the last sextet.
    let (mut sextets, mut left, mut pads, mut padding) = (0usize, 0u32, 0usize, false);
    if strict && text.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    for (index, byte) in text.iter().enumerate() {
        if *byte == b'=' {
            padding = true;
            if strict && sextets == 0 {
                return Err("Excess padding not allowed".to_owned());
            }
            if sextets >= 2 {
                pads += 1;
                if sextets + pads >= 4 {
                    // The padding ends the data.
                    if strict && index + 1 < text.len() {
                        return Err("Excess data after padding".to_owned());
                    }
                    return Ok(out);
                }
            } else if strict {
                continue;
            }
            continue;
        }
        let value = VALUES[usize::from(*byte)];
        if value == 255 {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        }
        if strict && padding {
            return Err("Discontinuous padding not allowed".to_owned());
        }
        pads = 0;
        left = left << 6 | u32::from(value);
        sextets += 1;
        match sextets {
            1 => {}
            2 => out.push((left >> 4) as u8),
            3 => out.push((left >> 2) as u8),
            _ => {
                out.push(left as u8);
                (sextets, left) = (0, 0);
            }
        }
    }
    match sextets {
        0 => Ok(out),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            out.len() / 3 * 4 + 1
        )),
        _ => Err("Incorrect padding".to_owned()),
    }
}
