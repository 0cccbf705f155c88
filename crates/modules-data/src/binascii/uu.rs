//! Uuencoding: lines of at most 45 bytes, six bits a character, the length in front.

pub fn decode(text: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((first, rest)) = text.split_first() else { return Err("Missing length byte") };
    let length = usize::from(first.wrapping_sub(b' ') & 0o77);
    let mut out = Vec::with_capacity(length);
    let mut rest = rest.iter();
    let (mut left, mut bits) = (0u32, 0);
    while out.len() < length {
        // Spaces at the end of a line may have been lost on the way.
        let at_end = matches!(rest.as_slice().first(), None | Some(b'\n' | b'\r'));
        let value = match rest.next() {
            Some(byte) if !at_end => {
                if !(b' '..=b' ' + 64).contains(byte) {
                    return Err("Illegal char");
                }
                (byte - b' ') & 0o77
            }
            _ => 0,
        };
        left = left << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((left >> bits) as u8);
            left &= (1 << bits) - 1;
        }
    }
    if rest.any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        return Err("Trailing garbage");
    }
    Ok(out)
}

pub fn encode(data: &[u8], backtick: bool) -> Result<Vec<u8>, &'static str> {
    if data.len() > 45 {
        return Err("At most 45 bytes at once");
    }
    let letter = |value: u8| if backtick && value == 0 { b'`' } else { b' ' + value };
    let mut out = vec![letter(data.len() as u8)];
    for chunk in data.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.extend([18, 12, 6, 0].map(|shift| letter((group >> shift & 63) as u8)));
    }
    out.push(b'\n');
    Ok(out)
}
