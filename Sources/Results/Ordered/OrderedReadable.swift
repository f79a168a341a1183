import Readiness

/// What ``OrderedReader`` reads. Members stand in the alphabetical order of their keys: that is the order in which they
/// are read.
protocol OrderedReadable {
    typealias Doubt = OrderedReader.Doubt

    init(_ json: inout OrderedReader) throws(Doubt)
}

extension Double: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.double() }
}

extension Int: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.integer() }
}

extension UInt16: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.integer() }
}

extension UInt32: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.integer() }
}

extension Bool: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.flag() }
}

extension String: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.text() }
}

extension Array: OrderedReadable where Element: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.list() }
}

extension Dictionary: OrderedReadable where Key == String, Value: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) { self = try json.table() }
}

extension OrderedReadable where Self: RawRepresentable, RawValue == String {
    init(_ json: inout OrderedReader) throws(Doubt) {
        guard let value = Self(rawValue: try json.text()) else { throw Doubt() }
        self = value
    }
}

extension UTCTime: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        guard let time = UTCTime(try json.text()) else { throw Doubt() }
        self = time
    }
}

extension Grade: OrderedReadable {}
extension CheckDescription.Trigger: OrderedReadable {}
extension CheckDescription.ProbeProtocol: OrderedReadable {}
extension ReachabilityDocument.State: OrderedReadable {}
