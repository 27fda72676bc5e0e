// Disks that one server sees alone, in a mount namespace of its own, and that a test makes read-only under it.
import Foundation
import Testing

/// A folder over which a read-only mount is laid and taken away again: what the server has open it keeps, what it opens anew is refused.
final class CoveredFolder {
    let url: URL

    /// Whether the kernel lets this user have mounts of their own.
    static let isPossible =
        (try? Command.run(["-rm", "mount", "--bind", "/tmp", "/tmp"], program: "/usr/bin/unshare"))?.status == 0

    /// The words before a program that is to have mounts of its own.
    static let launcher = ["/usr/bin/unshare", "-rm"]

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-covered-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func cover(for server: RunningServer) throws {
        try inside(server, "mount --bind '\(url.path)' '\(url.path)' && mount -o remount,bind,ro '\(url.path)'")
    }

    func uncover(for server: RunningServer) throws { try inside(server, "umount -l '\(url.path)'") }

    private func inside(_ server: RunningServer, _ command: String) throws {
        let words = ["-t", "\(server.processIdentifier)", "-U", "-m", "--preserve-credentials", "sh", "-c", command]
        let done = try Command.run(words, program: "/usr/bin/nsenter")
        try #require(done.status == 0, "\(done.errors)")
    }
}

/// A file system of its own in a file. It turns read-only as those of real disks do: the kernel meets an error.
final class ErringDisk {
    private let image: URL
    let mountPoint: URL

    /// Whether this user may mount an image, and the kernel can be told to meet an error.
    static let isPossible = (try? ErringDisk().provesItself) == true

    init() throws {
        let name = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-erring-\(UUID().uuidString)")
        image = name.appendingPathExtension("img")
        mountPoint = name
        try FileManager.default.createDirectory(at: mountPoint, withIntermediateDirectories: true)
        try Data().write(to: image)
        guard truncate(image.path, 256 << 20) == 0,
            try Command.run(["-q", image.path], program: "/usr/sbin/mkfs.ext4").status == 0
        else { throw HTTPClient.Failure.socket("making a disk", errno) }
    }

    deinit {
        try? FileManager.default.removeItem(at: image)
        rmdir(mountPoint.path)
    }

    /// The words before a program that is to see the disk: mounted until the program ends.
    var launcher: [String] {
        let mount = "mount -o loop,errors=remount-ro \"$0\" \"$1\" && shift && exec \"$@\""
        return ["/usr/bin/unshare", "-m", "sh", "-c", mount, image.path, mountPoint.path]
    }

    private var provesItself: Bool {
        let words = launcher.dropFirst() + ["sh", "-c", "ls /sys/fs/ext4/*/trigger_fs_error"]
        return (try? Command.run(Array(words), program: launcher[0]))?.status == 0
    }

    /// The words before a program that is to see what the server sees.
    func beside(_ server: RunningServer) -> [String] {
        ["/usr/bin/nsenter", "-t", "\(server.processIdentifier)", "-m"]
    }

    /// Lets the kernel meet an error. - Returns: the device, as the kernel calls it.
    func err(under server: RunningServer) throws -> String {
        let mounts = try String(contentsOfFile: "/proc/\(server.processIdentifier)/mounts", encoding: .utf8)
        let line = mounts.split(separator: "\n").first { $0.contains(" \(mountPoint.path) ") }
        let device = try #require(line?.split(separator: " ").first?.split(separator: "/").last.map(String.init))
        try Data("1".utf8).write(to: URL(fileURLWithPath: "/sys/fs/ext4/\(device)/trigger_fs_error"))
        return device
    }

    /// As an administrator mends it, once nobody has it mounted.
    func repair(_ device: String) throws {
        try waitUntil("the disk is unmounted") {
            !FileManager.default.fileExists(atPath: "/sys/fs/ext4/\(device)")
        }
        let check = try Command.run(["-fy", image.path], program: "/usr/sbin/e2fsck")
        // 1: errors were corrected.
        try #require(check.status <= 1, "\(check.output)")
    }
}
