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

package dev.halley.test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.codec.MessageCodecs;
import dev.halley.connection.Connection;

/**
 * Opens the WebSockets of an application that has no server, as {@code MockMvc} performs
 * its requests: the handshake goes through filters, security, argument resolvers and the
 * method, messages through the application's codecs, validation and exception handlers. A
 * {@code @WebMvcTest}, or a {@code @SpringBootTest} without a server, has one to inject:
 *
 * <pre class="code">
 * &#064;Test
 * void talks(&#064;Autowired PairTesters testers) {
 *     testers.webSocket("/rooms/1?name=Ada", Say.class, Said.class)
 *         .send(new Say("Hello"))
 *         .expect(new Said("Ada", "Hello"));
 * }
 * </pre>
 *
 * What it opens is closed after the test method. All testers of an application have one
 * time: whichever is {@linkplain PairTester#advance advanced}, the others are too.
 * Immutable: {@link #with} returns another one.
 *
 * @since 0.1
 */
public final class PairTesters {

	private final MockMvc mvc;

	private final MessageCodecs codecs;

	private final TesterRuntime runtime;

	private final List<RequestPostProcessor> processors;

	PairTesters(MockMvc mvc, MessageCodecs codecs, TesterRuntime runtime) {
		this(mvc, codecs, runtime, List.of());
	}

	private PairTesters(MockMvc mvc, MessageCodecs codecs, TesterRuntime runtime,
			List<RequestPostProcessor> processors) {
		this.mvc = mvc;
		this.codecs = codecs;
		this.runtime = runtime;
		this.processors = processors;
	}

	/**
	 * Changes the request of each handshake, as {@code MockMvc} does: a user, a session,
	 * cookies, headers.
	 * @param processor such as {@code user("Ada")} of Spring Security
	 * @return testers that do
	 */
	public PairTesters with(RequestPostProcessor processor) {
		Assert.notNull(processor, "'processor' must not be null");
		List<RequestPostProcessor> processors = new ArrayList<>(this.processors);
		processors.add(processor);
		return new PairTesters(this.mvc, this.codecs, this.runtime, List.copyOf(processors));
	}

	/**
	 * Sends another header with each handshake.
	 * @param name its name
	 * @param value its value
	 * @return testers that do
	 */
	public PairTesters withHeader(String name, String value) {
		return with((request) -> {
			request.addHeader(name, value);
			return request;
		});
	}

	/**
	 * Opens a WebSocket for text.
	 * @param path the path and query
	 * @return its peer
	 * @throws AssertionError if the handshake is refused; see {@link #refusal}
	 */
	public PairTester<String, String> webSocket(String path) {
		return webSocket(path, String.class, String.class);
	}

	/**
	 * Opens a WebSocket.
	 * @param path the path and query
	 * @param in the type of the messages to send
	 * @param out the type of the messages to expect
	 * @param <I> the type of the messages to send
	 * @param <O> the type of the messages to expect
	 * @return its peer
	 * @throws AssertionError if the handshake is refused; see {@link #refusal}
	 */
	public <I, O> PairTester<I, O> webSocket(String path, Class<I> in, Class<O> out) {
		TesterSettings settings = TesterSettings.ofWebSocket(this.codecs, in, out);
		Handover handover = new Handover();
		HttpAnswer answer = perform(path, handover);
		Connection connection = handover.connection();
		if (connection == null) {
			throw new AssertionError(path + ": " + answer.status() + " (expected: 101; for a handshake that is to be "
					+ "refused write refusal(…)), with " + answer.headers() + "\n" + answer.body());
		}
		Transcript transcript = this.runtime.transcript(path + ", in the application's own time");
		return new PairTester<>(settings, this.runtime, transcript, connection, null);
	}

	/**
	 * Tries to open a WebSocket that is to be refused.
	 * @param path the path and query
	 * @return how the application has answered
	 * @throws AssertionError if the handshake is accepted
	 */
	public HttpAnswer refusal(String path) {
		Handover handover = new Handover();
		HttpAnswer answer = perform(path, handover);
		Connection connection = handover.connection();
		if (connection != null) {
			connection.abort(CloseStatus.NO_CLOSE_FRAME);
			throw new AssertionError(path + ": the handshake was accepted (expected: refused)");
		}
		return answer;
	}

	private HttpAnswer perform(String path, Handover handover) {
		Assert.isTrue(path.startsWith("/"), () -> "path: " + path + " (expected: one that starts with '/')");
		MockHttpServletRequestBuilder request = MockMvcRequestBuilders.get(URI.create(path))
			.headers(upgrade())
			.requestAttr(Handover.ATTRIBUTE, handover);
		this.processors.forEach(request::with);
		try {
			MvcResult result = perform(path, request);
			if (result.getRequest().isAsyncStarted()) {
				result.getAsyncResult(Timeouts.standard().toMillis());
				result = perform(path, MockMvcRequestBuilders.asyncDispatch(result));
			}
			return answer(result.getResponse());
		}
		catch (Exception ex) {
			throw new AssertionError(path + ": the application has no answer to the handshake, but throws " + ex, ex);
		}
	}

	/** A filter or method that blocks does so on this thread. */
	private MvcResult perform(String path, RequestBuilder request) throws Exception {
		return Watch.over(path + ": the handshake", Timeouts.standard(), () -> this.mvc.perform(request).andReturn());
	}

	private static HttpAnswer answer(MockHttpServletResponse response) {
		HttpHeaders headers = new HttpHeaders();
		response.getHeaderNames().forEach((name) -> headers.addAll(name, response.getHeaders(name)));
		String body = new String(response.getContentAsByteArray(), StandardCharsets.UTF_8);
		return new HttpAnswer(response.getStatus(), headers, body);
	}

	private static HttpHeaders upgrade() {
		HttpHeaders headers = new HttpHeaders();
		headers.setConnection("Upgrade");
		headers.setUpgrade("websocket");
		headers.set("Sec-WebSocket-Version", "13");
		headers.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
		return headers;
	}

}
