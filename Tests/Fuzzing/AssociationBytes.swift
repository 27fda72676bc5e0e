// What a DICOM sender writes to its socket, byte by byte (PS3.8 9.3, PS3.7 9.3).

/// Protocol data units for CT images in implicit VR little endian.
package enum AssociationBytes {
    private static let verification = "1.2.840.10008.1.1"
    private static let image = "1.2.840.10008.5.1.4.1.1.2"
    private static let implicitLittleEndian = "1.2.840.10008.1.2"

    /// A-ASSOCIATE-RQ: context 1 for CT images, context 3 for C-ECHO.
    package static func request(calling: String = "RAW", called: String = "OSTEON") -> [UInt8] {
        let user = item(0x51, big32(16_384)) + item(0x52, Array("1.2.3".utf8))
        let body =
            big16(1) + [0, 0] + title(called) + title(calling) + [UInt8](repeating: 0, count: 32)
            + item(0x10, Array("1.2.840.10008.3.1.1.1".utf8)) + item(0x20, context(1, image))
            + item(0x20, context(3, verification)) + item(0x50, user)
        return unit(1, body)
    }

    /// C-ECHO-RQ.
    package static var echo: [UInt8] {
        command(
            3, element(0x0002, text(verification)) + element(0x0100, [0x30, 0]) + element(0x0110, [1, 0]) + noDataSet)
    }

    /// C-STORE-RQ of an instance; its data set is to follow.
    package static func store(_ instanceUID: String) -> [UInt8] {
        command(
            1,
            element(0x0002, text(image)) + element(0x0100, [1, 0]) + element(0x0110, [1, 0])
                + element(0x0700, [0, 0]) + element(0x0800, [1, 0]) + element(0x1000, text(instanceUID)))
    }

    /// A piece of a data set for context 1: SOP Class UID, SOP Instance UID and patient.
    package static func dataSet(_ instanceUID: String, isLast: Bool) -> [UInt8] {
        func tag(_ group: UInt16, _ element: UInt16, _ value: [UInt8]) -> [UInt8] {
            little16(group) + little16(element) + little16(UInt16(value.count)) + [0, 0] + value
        }
        let value =
            tag(8, 0x16, text(image)) + tag(8, 0x18, text(instanceUID)) + tag(0x10, 0x20, text("A"))
            + tag(0x20, 0x0D, text("1.2.3")) + tag(0x20, 0x0E, text("1.2.4"))
        return part(1, value, flags: isLast ? 2 : 0)
    }

    /// A-RELEASE-RQ.
    package static var release: [UInt8] { unit(5, [0, 0, 0, 0]) }

    /// Command Data Set Type (PS3.7 E.1): no data set follows.
    private static var noDataSet: [UInt8] { element(0x0800, [1, 1]) }

    private static func command(_ context: UInt8, _ rest: [UInt8]) -> [UInt8] {
        part(context, element(0x0000, little16(UInt16(rest.count)) + [0, 0]) + rest, flags: 3)
    }

    private static func part(_ context: UInt8, _ value: [UInt8], flags: UInt8) -> [UInt8] {
        unit(4, big32(value.count + 2) + [context, flags] + value)
    }

    private static func unit(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 0] + big32(body.count) + body }

    private static func item(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 0] + big16(body.count) + body }

    private static func context(_ number: UInt8, _ abstract: String) -> [UInt8] {
        [number, 0, 0, 0] + item(0x30, Array(abstract.utf8)) + item(0x40, Array(implicitLittleEndian.utf8))
    }

    private static func title(_ text: String) -> [UInt8] {
        Array(text.utf8.prefix(16)) + [UInt8](repeating: 0x20, count: max(0, 16 - text.utf8.count))
    }

    /// An element of the command set, group 0000.
    private static func element(_ element: UInt16, _ value: [UInt8]) -> [UInt8] {
        [0, 0] + little16(element) + little16(UInt16(value.count)) + [0, 0] + value
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + (text.utf8.count % 2 == 1 ? [0] : []) }

    private static func big16(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)] }
    private static func big32(_ number: Int) -> [UInt8] { big16(number >> 16) + big16(number & 0xFFFF) }
    private static func little16(_ number: UInt16) -> [UInt8] { [UInt8(number & 0xFF), UInt8(number >> 8)] }
}
