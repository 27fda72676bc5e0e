import Agreement
import Testing

@Suite struct EstimateTests {
    @Test func `an estimate states 95 per cent unless told otherwise`() {
        #expect(Estimate(1, Interval(lower: 0, upper: 2)).confidence == 0.95)
    }
}
