import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers to HEAD end with their head (RFC 9110 §9.3.2): what marks the end of a streamed body is not sent.
///
/// Whoever encodes answers does not know what was asked for, and would write a last chunk.
final class HeadAnswers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Of the requests that are not answered yet, in their order: whether it is HEAD.
    private var unanswered = CircularBuffer<Bool>()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let request) = unwrapInboundIn(data) { unanswered.append(request.method == .head) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data), unanswered.popFirst() == true else {
            return context.write(data, promise: promise)
        }
        // Nothing, in its place in the order.
        context.write(wrapOutboundOut(.body(ByteBuffer())), promise: promise)
    }
}
