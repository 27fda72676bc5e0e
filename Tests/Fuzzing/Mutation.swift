// Damage to bytes, as a hostile or broken sender does it.

/// Sound inputs, and the words that mean something in their format.
package struct Mutation: Sendable {
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]

    /// - Parameters:
    ///   - seeds: at least one, none empty.
    ///   - words: put in here and there, besides the numbers where integers overflow.
    package init(seeds: [[UInt8]], words: [String] = []) {
        self.seeds = seeds
        let extremes: [[UInt8]] = [
            [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [1, 0, 0, 0], [0, 0, 1, 0],
            [255, 255, 255, 255, 255, 255, 255, 127],
        ]
        self.words = words.map { Array($0.utf8) } + extremes
    }

    /// One of the seeds with up to six damages; one in fifty stays sound.
    package func next(_ dice: inout Dice) -> [UInt8] {
        var bytes = seeds[dice.below(seeds.count)]
        guard dice.below(50) > 0 else { return bytes }
        for _ in 0...dice.below(6) { damage(&bytes, &dice) }
        return bytes
    }

    private func damage(_ bytes: inout [UInt8], _ dice: inout Dice) {
        // Half of it where heads, lengths and tags are.
        let place = dice.below(dice.below(2) == 0 ? min(bytes.count, 512) : bytes.count)
        func piece(_ length: Int) -> Range<Int> { place..<min(bytes.count, place + length) }
        switch dice.below(10) {
        case 0 where !bytes.isEmpty: bytes[place] = UInt8(dice.below(256))
        case 1 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(dice.below(8))
        case 2: bytes.removeSubrange(piece(1 + dice.below(40)))
        case 3: bytes.insert(contentsOf: Array(bytes[piece(1 + dice.below(200))]), at: place)
        case 4: bytes.insert(contentsOf: words[dice.below(words.count)], at: place)
        case 5:
            let word = words[dice.below(words.count)]
            bytes.replaceSubrange(piece(word.count), with: word)
        case 6:
            let value: UInt8 = [0, 0xFF, 0x7F, 0x80, 0x0A, 0x20][dice.below(6)]
            for index in piece(1 + dice.below(16)) { bytes[index] = value }
        case 7:
            let other = seeds[dice.below(seeds.count)]
            let start = dice.below(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + dice.below(300))], at: place)
        case 8 where dice.below(4) == 0: bytes.removeSubrange(place...)
        default:
            guard bytes.count > 1 else { return }
            let other = dice.below(bytes.count)
            bytes.swapAt(place, other)
        }
    }
}
