// The version of this software, in one place.

/// The version that reports, `--version` and `/metrics` name.
package enum SoftwareVersion {
    package static let current = "0.1.0"
}
