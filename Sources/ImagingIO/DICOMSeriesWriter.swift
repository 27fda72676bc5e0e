// Writing a volume as a CT series: one single-frame file per slice (CT Image IOD, PS3.3 A.3).
import Domain
import Foundation
import Imaging

/// What a written series says of itself besides its pixels.
package struct DICOMSeriesDescription: Sendable, Hashable {
    /// All UIDs are derived from this text: the same seed gives the same UIDs, so write no two different series with one seed.
    package var seed: String
    package var patientName: String
    package var patientID: String
    package var studyDescription: String
    package var seriesDescription: String
    package var seriesNumber: Int
    /// Slice Thickness (0018,0050), millimetres; nil writes the distance between slices.
    package var sliceThicknessMM: Double?
    /// Tube voltage (0018,0060), kV; nil leaves it empty.
    package var tubeVoltageKV: Double?

    package init(
        seed: String, patientName: String = "PHANTOM^OSTEON", patientID: String = "PHANTOM",
        studyDescription: String = "", seriesDescription: String = "", seriesNumber: Int = 1,
        sliceThicknessMM: Double? = nil, tubeVoltageKV: Double? = nil
    ) {
        self.seed = seed
        self.patientName = patientName
        self.patientID = patientID
        self.studyDescription = studyDescription
        self.seriesDescription = seriesDescription
        self.seriesNumber = seriesNumber
        self.sliceThicknessMM = sliceThicknessMM
        self.tubeVoltageKV = tubeVoltageKV
    }

    /// StudyInstanceUID (0020,000D) of the written files.
    package var studyInstanceUID: String { DICOMUID.derived(from: seed + "/study") }
    /// SeriesInstanceUID (0020,000E) of the written files.
    package var seriesInstanceUID: String { DICOMUID.derived(from: seed + "/series") }
}

/// Writes volumes as CT Image Storage, explicit VR little endian, HU rounded to whole numbers (Rescale Intercept -1024,
/// Rescale Slope 1, 16 bits signed; HU outside -33,792...31,743 are clamped). Equal input gives equal bytes.
package enum DICOMSeriesWriter {
    /// Writes `slice-0001.dcm` and so on, in index order, into a folder, which is made when absent.
    /// - Throws: `ImagingIOError` with `image-too-large` (a side over 65,535), `storage-full` or `internal-fault`.
    package static func write(_ volume: Volume, description: DICOMSeriesDescription, toFolder folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ImagingIOError.folderNotMade(name: folder.lastPathComponent)
        }
        try forEachFile(volume, description) { name, bytes in
            let file = try OutputFile(folder.appendingPathComponent(name))
            try file.write(bytes)
            try file.finish()
        }
    }

    /// Adds the same files to a zip, under `folder` inside it when that is not empty.
    /// - Throws: As above.
    package static func write(
        _ volume: Volume, description: DICOMSeriesDescription, to archive: ZipWriter, folder: String = ""
    ) throws {
        try forEachFile(volume, description) { name, bytes in
            try archive.add(folder.isEmpty ? name : "\(folder)/\(name)", bytes)
        }
    }

    private static func forEachFile(
        _ volume: Volume, _ description: DICOMSeriesDescription, _ use: (String, [UInt8]) throws -> Void
    ) throws {
        let size = volume.geometry.size
        guard max(size.x, size.y) <= Int(UInt16.max) else {
            throw ImagingIOError.sideTooLong(format: "DICOM", limit: Int(UInt16.max), sides: [size.x, size.y])
        }
        for z in 0..<size.z {
            let number = String(z + 1)
            let name = "slice-" + String(repeating: "0", count: max(0, 4 - number.count)) + number + ".dcm"
            try use(name, slice(z, of: volume, description).file)
        }
    }

    private static let intercept = -1024

    static func slice(_ z: Int, of volume: Volume, _ description: DICOMSeriesDescription) -> DICOMDataSet {
        let geometry = volume.geometry
        let instance = DICOMUID.derived(from: "\(description.seed)/instance/\(z + 1)")
        var data = DICOMDataSet(sopClass: DICOMUID.ctImageStorage, sopInstance: instance)
        data.add(.imageType, .CS, "ORIGINAL\\PRIMARY\\AXIAL")
        data.add(.sopClassUID, .UI, DICOMUID.ctImageStorage)
        data.add(.sopInstanceUID, .UI, instance)
        data.add(.modality, .CS, "CT")
        data.add(.manufacturer, .LO, "Osteon")
        data.add(.studyDescription, .LO, description.studyDescription)
        data.add(.seriesDescription, .LO, description.seriesDescription)
        data.add(.patientName, .PN, description.patientName)
        data.add(.patientID, .LO, description.patientID)
        data.add(.studyDate, .DA, "20000101")  // any date would do (our choice): viewers sort by date
        data.add(.studyTime, .TM, "000000")
        data.add(.studyID, .SH, "1")
        data.add(.bodyPart, .CS, "SPINE")
        // Type 2 elements: there, but empty.
        data.add(.accessionNumber, .SH, "")
        data.add(.referringPhysician, .PN, "")
        data.add(.patientBirthDate, .DA, "")
        data.add(.patientSex, .CS, "")
        data.add(.positionReference, .LO, "")
        data.add(.acquisitionNumber, .IS, "")
        data.add(.patientPosition, .CS, "HFS")
        data.add(.studyInstanceUID, .UI, description.studyInstanceUID)
        data.add(.seriesInstanceUID, .UI, description.seriesInstanceUID)
        data.add(.frameOfReferenceUID, .UI, DICOMUID.derived(from: description.seed + "/frame"))
        data.add(.seriesNumber, .IS, String(description.seriesNumber))
        data.add(.instanceNumber, .IS, String(z + 1))
        data.add(.tubeVoltage, .DS, numbers: description.tubeVoltageKV.map { [$0] } ?? [])
        data.add(.sliceThickness, .DS, numbers: [description.sliceThicknessMM ?? geometry.spacingMM.z])
        data.add(.imagePosition, .DS, numbers: geometry.point(at: Index3(x: 0, y: 0, z: z)).values)
        data.add(.imageOrientation, .DS, numbers: geometry.xAxis.values + geometry.yAxis.values)
        data.add(.pixelSpacing, .DS, numbers: [geometry.spacingMM.y, geometry.spacingMM.x])
        data.add(.samplesPerPixel, word: 1)
        data.add(.photometricInterpretation, .CS, "MONOCHROME2")
        data.add(.rows, word: geometry.size.y)
        data.add(.columns, word: geometry.size.x)
        data.add(.bitsAllocated, word: 16)
        data.add(.bitsStored, word: 16)
        data.add(.highBit, word: 15)
        data.add(.pixelRepresentation, word: 1)
        data.add(.rescaleIntercept, .DS, numbers: [Double(intercept)])
        data.add(.rescaleSlope, .DS, numbers: [1])
        data.add(.rescaleType, .LO, "HU")
        data.add(.pixelData, .OW, pixels(z, of: volume))
        return data
    }

    private static func pixels(_ z: Int, of volume: Volume) -> [UInt8] {
        let area = volume.geometry.size.x * volume.geometry.size.y
        return volume.voxels[(z * area)..<((z + 1) * area)].withUnsafeBufferPointer { values in
            [UInt8](unsafeUninitializedCapacity: area * 2) { bytes, count in
                for i in 0..<area {
                    let stored = (values[i] - Float(intercept)).rounded()
                    let cell = stored.isFinite ? Int16(max(-32_768, min(32_767, stored))) : Int16.min
                    UnsafeMutableRawBufferPointer(bytes).storeBytes(
                        of: cell.littleEndian, toByteOffset: i * 2, as: Int16.self)
                }
                count = area * 2
            }
        }
    }
}

extension SIMD3<Double> {
    fileprivate var values: [Double] { [x, y, z] }
}
