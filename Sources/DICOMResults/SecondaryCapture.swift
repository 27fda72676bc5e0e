// The summary page as a DICOM picture (Secondary Capture Image, PS3.3 A.8).
import Domain
import ImagingIO

/// One RGB image; the research notice is in its pixels and in its series.
struct SecondaryCapture {
    private let page: PageCanvas
    private let source: SourceSeries
    private let identity: ResultIdentity

    init(of content: ResultContent) {
        page = SummaryPage.draw(content.report)
        source = content.source
        identity = content.identity
    }

    var file: [UInt8] {
        var data = ResultKind.summary.dataSet(of: source, identity)
        data.add(.imageType, .CS, "DERIVED\\SECONDARY")
        data.add(.conversionType, .CS, "WSD")
        data.add(.patientOrientation, .CS, "")
        data.add(.burnedInAnnotation, .CS, "YES")
        data.add(.lossyCompression, .CS, "00")
        data.add(.samplesPerPixel, word: 3)
        data.add(.photometricInterpretation, .CS, "RGB")
        data.add(.planarConfiguration, word: 0)
        data.add(.rows, word: page.height)
        data.add(.columns, word: page.width)
        data.add(.bitsAllocated, word: 8)
        data.add(.bitsStored, word: 8)
        data.add(.highBit, word: 7)
        data.add(.pixelRepresentation, word: 0)
        data.add(.pixelData, .OB, page.pixels)
        return data.file
    }
}
