// Sorts numbers in linear time.

/// The values in ascending order; none may be NaN. Radix sort on the bits, eleven at a time, lowest first; digits in which
/// all values agree cost nothing, so that whole numbers and single-precision values are sorted in few passes.
func ascending(_ values: [Double]) -> [Double] {
    let (digitBits, digits) = (11, 6)
    let buckets = 1 << digitBits
    let n = values.count
    // Unsigned order of the keys is the order of the values: negative numbers have all bits flipped, others the sign bit.
    var keys = values.map { value in
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    var moved = [UInt64](repeating: 0, count: n)
    var starts = [Int](repeating: 0, count: buckets)
    for digit in 0..<digits {
        let shift = UInt64(digit * digitBits)
        let mask = UInt64(buckets - 1)
        for bucket in 0..<buckets { starts[bucket] = 0 }
        for key in keys { starts[Int(key >> shift & mask)] += 1 }
        if let first = keys.first, starts[Int(first >> shift & mask)] == n { continue }
        var start = 0
        for bucket in 0..<buckets { (starts[bucket], start) = (start, start + starts[bucket]) }
        for key in keys {
            let bucket = Int(key >> shift & mask)
            moved[starts[bucket]] = key
            starts[bucket] += 1
        }
        swap(&keys, &moved)
    }
    return keys.map { key in Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key) }
}
