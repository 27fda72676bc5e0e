// Whether the clock can be trusted with deletions.
import Foundation
import Testing
import Worker

@Suite struct LeapGuardTests {
    private let start = Date(timeIntervalSince1970: 1_750_000_000)

    @Test(arguments: [-86_400.0, -601, 601, 1e8])
    func `from a leap on nothing is trusted, not even once it is set right`(leap: Double) {
        var clock = LeapGuard(wall: start, steady: 100)
        let sound = clock.mayTrust(wall: start + 3600, steady: 3700)
        let after = clock.mayTrust(wall: start + 7200 + leap, steady: 7300)
        let right = clock.mayTrust(wall: start + 10_800, steady: 10_900)
        #expect(sound && !after && !right)
    }

    @Test func `a clock that is put right by minutes goes on`() {
        var clock = LeapGuard(wall: start, steady: 100)
        let isTrusted = clock.mayTrust(wall: start + 3600 + 599, steady: 3700)
        #expect(isTrusted)
    }
}
