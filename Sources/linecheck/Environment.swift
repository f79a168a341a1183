import Foundation

/// This process's environment.
enum Environment {
    static var values: [String: String] { ProcessInfo.processInfo.environment }
}
