/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.client;

import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.SignalType;
import reactor.util.retry.Retry;

import dev.halley.CallContext;
import dev.halley.codec.MessageDecodingException;
import dev.halley.sse.EventStreamFormat;

/**
 * One subscription to an event stream: asks for it, reads it by demand, and asks again.
 */
final class EventStreamRun {

	private static final int OK = 200;

	private static final int NO_CONTENT = 204;

	private static final long NOT_WAITING = Long.MIN_VALUE;

	private final EventStreamRequest<?> request;

	private final ClientRuntime runtime;

	private final Reconnects reconnects;

	private final States states;

	/** What the thread has that subscribes, for all attempts. */
	private final CallContext context;

	private int attempts;

	private volatile String lastId;

	private volatile @Nullable Duration retry;

	private volatile @Nullable Throwable failure;

	EventStreamRun(EventStreamRequest<?> request) {
		this.request = request;
		this.runtime = request.runtime;
		this.lastId = request.lastEventId();
		this.reconnects = new Reconnects(request, request.isReconnecting());
		this.context = this.runtime.registry().captureContext();
		this.states = new States(this.runtime.executor(), request.listener, this.context);
	}

	/**
	 * Returns the events of all attempts. The thread that closes the client does not wait
	 * for who reads them.
	 * @param decode makes of the events what is read; a failure of it is the end
	 */
	<T> Flux<T> events(Function<Flux<ServerSentEvent<String>>, Flux<T>> decode) {
		this.runtime.requireOpen();
		return Flux.defer(this::attempt)
			.subscribeOn(this.runtime.workers(), false)
			.retryWhen(Retry.from((losses) -> losses.concatMap((loss) -> comeBack(loss.failure()))))
			.onErrorComplete(StreamEnd.class)
			.takeUntilOther(this.runtime.closing().publishOn(this.runtime.workers()))
			.onErrorResume(this::failAs)
			.concatWith(Mono.defer(this.runtime::failIfClosed))
			.transform(decode)
			.doOnError((ex) -> this.failure = ex)
			.doFinally(this::closed);
	}

	/**
	 * What fails after the close of the client, such as for want of its timer, fails by
	 * it.
	 */
	private Mono<ServerSentEvent<String>> failAs(Throwable failure) {
		return this.runtime.<ServerSentEvent<String>>failIfClosed().switchIfEmpty(Mono.error(failure));
	}

	private void closed(SignalType signal) {
		this.states.tell(new ConnectionState.Closed(null, this.failure));
	}

	/**
	 * Says when to ask again, or fails. It must not complete, which tells nobody that no
	 * attempt follows.
	 */
	private Mono<Long> comeBack(Throwable thrown) {
		return this.runtime.<Long>failIfClosed().switchIfEmpty(Mono.defer(() -> next(thrown)));
	}

	private Mono<Long> next(Throwable thrown) {
		boolean ended = thrown instanceof StreamEnd;
		ConnectionLoss loss = this.reconnects.lost(null, ended ? null : thrown);
		Duration delay = this.reconnects.delay(loss, this.retry);
		if (delay == null) {
			return Mono.error(thrown);
		}
		this.states.tell(new ConnectionState.Waiting(delay, loss));
		return Mono.delay(delay, this.runtime.timer());
	}

	private Flux<ServerSentEvent<String>> attempt() {
		this.attempts++;
		this.states.tell(new ConnectionState.Connecting(this.attempts));
		HttpHeaders headers = new HttpHeaders();
		AttemptEnd end = new AttemptEnd(this.runtime.observer().started("sse", headers));
		Disposable.Swap exchange = Disposables.swap();
		return answer(headers, exchange).timeout(this.request.handshakeTimeout, this.runtime.timer())
			.publishOn(this.runtime.workers())
			.onErrorMap(this::asRefusal)
			.doOnError(end)
			.doOnNext((events) -> end.accept(null))
			.doOnCancel(() -> end.accept(new CancellationException("The subscription was cancelled")))
			.flatMapMany((events) -> events)
			.doFinally((signal) -> exchange.dispose());
	}

	/**
	 * Asks.
	 * @param exchange gets what drops the connection, whatever it is at
	 * @return the events, to be read
	 */
	private Mono<Flux<ServerSentEvent<String>>> answer(HttpHeaders headers, Disposable.Swap exchange) {
		return Mono.fromFuture(() -> this.request.headers.fetch(headers, this.runtime.executor(), this.context))
			.flatMap((all) -> {
				StreamExchange sent = send(all);
				exchange.update(sent::drop);
				return sent.head().doOnNext(this::check).map((head) -> read(head, sent));
			});
	}

	private StreamExchange send(HttpHeaders headers) {
		EventStreamRequest.Body body = this.request.body();
		headers.set(HttpHeaders.ACCEPT, MediaType.TEXT_EVENT_STREAM_VALUE);
		headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		if (isSendable(this.lastId)) {
			headers.set("Last-Event-ID", this.lastId);
		}
		if (body != null && headers.getFirst(HttpHeaders.CONTENT_TYPE) == null) {
			headers.set(HttpHeaders.CONTENT_TYPE, body.contentType());
		}
		HttpRequest.Builder builder = HttpRequest.newBuilder(this.request.uri);
		if ("http".equalsIgnoreCase(this.request.uri.getScheme())) {
			// Many servers stumble over the offer to change to HTTP/2
			builder.version(HttpClient.Version.HTTP_1_1);
		}
		headers.forEach((name, values) -> values.forEach((value) -> builder.header(name, value)));
		if (body != null) {
			builder.POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes()));
		}
		return new StreamExchange(this.runtime.http(), builder.build());
	}

	/** The JDK sends no other characters in a header. */
	private static boolean isSendable(String id) {
		return !id.isEmpty() && id.chars().allMatch((c) -> c >= ' ' && c <= '~');
	}

	private void check(StreamExchange.Head head) {
		int status = head.info().statusCode();
		String type = head.info().headers().firstValue(HttpHeaders.CONTENT_TYPE).orElse("none");
		if (status == NO_CONTENT || (status == OK && isEventStream(type))) {
			return;
		}
		HttpHeaders headers = new HttpHeaders();
		head.info().headers().map().forEach(headers::addAll);
		String what = (status != OK) ? String.valueOf(status) : "content type " + type;
		throw new ConnectFailedException(ClientRequest.name(this.request.uri) + ": " + what + " (expected: 200, "
				+ MediaType.TEXT_EVENT_STREAM_VALUE + ")", HttpStatusCode.valueOf(status), headers, null);
	}

	private static boolean isEventStream(String type) {
		try {
			return MediaType.parseMediaType(type).equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private Throwable asRefusal(Throwable thrown) {
		Throwable failure = JdkConnector.unwrap(Exceptions.unwrap(thrown));
		if (failure instanceof ConnectFailedException || failure instanceof IllegalArgumentException) {
			return failure;
		}
		String what = (failure instanceof TimeoutException)
				? "no answer within " + this.request.handshakeTimeout.toMillis() + " ms" : failure.toString();
		return new ConnectFailedException(ClientRequest.name(this.request.uri) + ": " + what, failure);
	}

	private Flux<ServerSentEvent<String>> read(StreamExchange.Head head, StreamExchange exchange) {
		if (head.info().statusCode() == NO_CONTENT) {
			return Flux.empty();
		}
		return Flux.defer(() -> {
			this.reconnects.opened();
			this.states.tell(new ConnectionState.Open(null));
			return read(exchange.body(head)).concatWith(Mono.defer(this::end));
		});
	}

	/**
	 * Reads by demand. What ends the body comes after all events that have come before,
	 * which are behind the last id and so do not come again.
	 */
	Flux<ServerSentEvent<String>> read(Flux<List<ByteBuffer>> body) {
		EventStreamParser parser = new EventStreamParser(this.request.settings.maxMessageSize(), this.lastId);
		return watched(body).concatMapDelayError((parts) -> Flux.fromIterable(parse(parser, parts)), true, 1)
			.dematerialize();
	}

	/** A failure is the last of what is read, and ends the body at once. */
	private List<Signal<ServerSentEvent<String>>> parse(EventStreamParser parser, List<ByteBuffer> parts) {
		List<Signal<ServerSentEvent<String>>> signals = new ArrayList<>();
		parser.parse(parts).forEach((event) -> signals.add(Signal.next(event)));
		MessageDecodingException failure = parser.failure();
		if (failure != null) {
			signals.add(Signal.error(failure));
		}
		this.lastId = parser.lastId();
		this.retry = (parser.retry() != null) ? parser.retry() : this.retry;
		return signals;
	}

	/** Whoever asks again after Halley's last event is only answered with 204. */
	private Mono<ServerSentEvent<String>> end() {
		boolean over = !this.request.isReconnecting() || EventStreamFormat.isOver(this.lastId);
		return over ? Mono.empty() : Mono.error(new StreamEnd());
	}

	/** Fails when nothing comes for too long although more is asked for. */
	private Flux<List<ByteBuffer>> watched(Flux<List<ByteBuffer>> body) {
		AtomicLong waitingSince = new AtomicLong(NOT_WAITING);
		long most = this.request.settings.idleTimeout().toNanos();
		Mono<Object> silence = Flux.interval(Duration.ofNanos(Math.max(most / 4, 1)), this.runtime.timer())
			.onBackpressureDrop()
			.filter((tick) -> isOver(waitingSince.get(), most))
			.next()
			.publishOn(this.runtime.workers())
			.flatMap((tick) -> Mono.error(new SocketTimeoutException(
					ClientRequest.name(this.request.uri) + ": nothing came for " + Duration.ofNanos(most))));
		return body.doOnRequest((count) -> waitingSince.set(this.runtime.now()))
			.doOnNext((parts) -> waitingSince.set(NOT_WAITING))
			.takeUntilOther(silence);
	}

	private boolean isOver(long since, long most) {
		return since != NOT_WAITING && this.runtime.now() - since >= most;
	}

	/**
	 * A stream has ended in good order.
	 */
	private static final class StreamEnd extends RuntimeException {

		StreamEnd() {
			super("The stream has ended", null, false, false);
		}

	}

}
