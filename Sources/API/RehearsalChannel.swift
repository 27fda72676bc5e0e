// The readings of one running injection on their way to whoever follows it.
import Domain
import Guidance
import HTTP
import Store

/// One vertebra of one job: its last readings and warnings, numbered.
final class RehearsalChannel: Sendable {
    /// Events kept for followers that are behind (our choice; at one reading a second two minutes).
    static let keptEvents = 128

    private struct State {
        var events: [Numbered] = []
        var count = 0
        var level = GuidanceAnswer.Warning.Level.ok
        var followers = 0

        mutating func add(_ name: String, _ data: String) {
            count += 1
            events.append(
                RehearsalChannel.Numbered(
                    number: count, event: ServerSentEvent(id: String(count), name: name, data: data),
                    isReading: name == "reading"))
            if events.count > RehearsalChannel.keptEvents { events.removeFirst() }
        }
    }

    /// An event and its number, from 1.
    struct Numbered: Sendable {
        let number: Int
        let event: ServerSentEvent
        let isReading: Bool
    }

    private let state = Contended(State())
    /// Raised with each event.
    let signal = ChangeSignal()

    /// Tells all followers a reading, and a warning when it is the first one at a higher level than the reading before.
    /// - Throws: `EncodingError`.
    func publish(_ answer: GuidanceAnswer, bytes: [UInt8]) throws {
        let reading = String(decoding: bytes, as: UTF8.self)
        let warning = String(decoding: try JSON.bytes(of: RehearsalWarning(answer)), as: UTF8.self)
        state.withLock { state in
            state.add("reading", reading)
            if answer.warning.level > state.level { state.add("warning", warning) }
            state.level = answer.warning.level
        }
        signal.raise()
    }

    /// What a follower that has seen `number` has not seen yet.
    /// - Returns: nil when some of it is no longer kept.
    func events(after number: Int) -> [Numbered]? {
        state.withLock { state in
            guard number + 1 >= (state.events.first?.number ?? state.count + 1) else { return nil }
            return state.events.filter { $0.number > number }
        }
    }

    /// Where a new follower begins: behind the event that it names, else before the last reading.
    func start(after lastSeen: Int?) -> Int {
        state.withLock { state in
            if let lastSeen, lastSeen <= state.count, lastSeen + 1 >= (state.events.first?.number ?? .max) {
                return lastSeen
            }
            return (state.events.last { $0.isReading }?.number ?? state.count + 1) - 1
        }
    }

    var followers: Int { state.withLock { $0.followers } }
    fileprivate func join() { state.withLock { $0.followers += 1 } }
    fileprivate func leave() { state.withLock { $0.followers -= 1 } }
}

/// A place among the followers of a channel, given back when it is let go of: also when the stream is never begun.
final class RehearsalFollower: Sendable {
    let channel: RehearsalChannel

    init(_ channel: RehearsalChannel) {
        self.channel = channel
        channel.join()
    }

    deinit { channel.leave() }
}

/// All channels of this process.
final class RehearsalChannels: Sendable {
    /// Followers at once, and channels kept without any (our choice; the server has 256 connections).
    static let followerLimit = 64
    static let idleLimit = 64

    private struct Key: Hashable {
        let job: String
        let level: VertebralLevel
    }

    private struct Entry {
        let channel: RehearsalChannel
        var lastUse: Int
    }

    private struct Registry {
        var entries: [Key: Entry] = [:]
        var uses = 0

        mutating func channel(_ key: RehearsalChannels.Key) -> RehearsalChannel {
            uses += 1
            let channel = entries[key]?.channel ?? RehearsalChannel()
            entries[key] = RehearsalChannels.Entry(channel: channel, lastUse: uses)
            let idle = entries.filter { $0.value.channel.followers == 0 && $0.key != key }
            if idle.count >= RehearsalChannels.idleLimit,
                let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                entries[oldest.key] = nil
            }
            return channel
        }
    }

    private let registry = Contended(Registry())

    /// The channel of a vertebra, new if there is none.
    func channel(job: String, level: VertebralLevel) -> RehearsalChannel {
        registry.withLock { $0.channel(Key(job: job, level: level)) }
    }

    /// - Returns: nil when there are as many followers as there may be.
    func follow(job: String, level: VertebralLevel) -> RehearsalFollower? {
        registry.withLock { registry -> RehearsalFollower? in
            guard registry.entries.values.reduce(0, { $0 + $1.channel.followers }) < Self.followerLimit else {
                return nil
            }
            return RehearsalFollower(registry.channel(Key(job: job, level: level)))
        }
    }
}

/// The data of a `warning` event.
struct RehearsalWarning: Encodable {
    let level: VertebralLevel
    let warning: GuidanceAnswer.Warning
    let volumeSoFarML: Double
    let nextHazard: GuidanceAnswer.Hazard?

    init(_ answer: GuidanceAnswer) {
        level = answer.level
        warning = answer.warning
        volumeSoFarML = answer.volumeSoFarML
        nextHazard = answer.nextHazard
    }
}
