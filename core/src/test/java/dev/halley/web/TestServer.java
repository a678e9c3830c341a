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

package dev.halley.web;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.Filter;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.awaitility.Awaitility;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.websocket.engine.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tomcat on a random port with one application and no Spring Boot.
 */
public final class TestServer implements AutoCloseable {

	private final Tomcat tomcat = new Tomcat();

	private final AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();

	private final Context context;

	private TestServer(Engine engine, int port, String contextPath, Class<?>... configuration) throws IOException {
		File base = Files.createTempDirectory("halley").toFile();
		base.deleteOnExit();
		this.tomcat.setBaseDir(base.getPath());
		this.tomcat.setConnector(new Connector(engine.protocol()));
		this.tomcat.getConnector().setPort(port);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		this.context = this.tomcat.addContext(contextPath, null);
		this.context.addServletContainerInitializer(new WsSci(), null);
		this.application.addBeanFactoryPostProcessor((factory) -> factory.registerSingleton("engine", engine));
		this.application.register(PairTestConfiguration.class);
		this.application.register(configuration);
	}

	/** For what is no WebSocket. */
	public static TestServer start(Class<?>... configuration) {
		return start(Engine.NATIVE, configuration);
	}

	static TestServer start(String contextPath, String servletMapping, Filter filter, Class<?>... configuration) {
		return start(Engine.NATIVE, contextPath, servletMapping, filter, configuration);
	}

	static TestServer start(Engine engine, Class<?>... configuration) {
		return start(engine, "", "/", null, configuration);
	}

	/** Where another one was, which clients find again. */
	public static TestServer startAgain(int port, Class<?>... configuration) {
		return start(Engine.NATIVE, port, "", "/", null, configuration);
	}

	static TestServer start(Engine engine, String contextPath, String servletMapping, Filter filter,
			Class<?>... configuration) {
		return start(engine, 0, contextPath, servletMapping, filter, configuration);
	}

	private static TestServer start(Engine engine, int port, String contextPath, String servletMapping, Filter filter,
			Class<?>... configuration) {
		try {
			TestServer server = new TestServer(engine, port, contextPath, configuration);
			server.startTomcat(servletMapping, filter);
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void startTomcat(String servletMapping, Filter filter) throws LifecycleException {
		Wrapper servlet = Tomcat.addServlet(this.context, "dispatcher", new DispatcherServlet(this.application));
		servlet.setLoadOnStartup(1);
		servlet.setAsyncSupported(true);
		this.context.addServletMappingDecoded(servletMapping, "dispatcher");
		if (filter != null) {
			addFilter(filter);
		}
		this.tomcat.start();
	}

	private void addFilter(Filter filter) {
		FilterDef definition = new FilterDef();
		definition.setFilterName("filter");
		definition.setFilter(filter);
		definition.setAsyncSupported("true");
		this.context.addFilterDef(definition);
		FilterMap mapping = new FilterMap();
		mapping.setFilterName("filter");
		mapping.addURLPattern("/*");
		this.context.addFilterMap(mapping);
	}

	Connector connector() {
		return this.tomcat.getConnector();
	}

	public int port() {
		return this.tomcat.getConnector().getLocalPort();
	}

	<T> T bean(String name, Class<T> type) {
		return this.application.getBean(name, type);
	}

	public <T> T bean(Class<T> type) {
		return this.application.getBean(type);
	}

	public ConnectionRegistry registry() {
		return bean(ConnectionRegistry.class);
	}

	/** Waits until nothing has a place but what is open; some may be about to end. */
	void awaitNoPlaceWithoutConnection() {
		Awaitility.await()
			.atMost(30, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(registry().reserved()).isEqualTo(registry().size()));
	}

	Client connect(String path, String... subprotocols) {
		Client client = new Client();
		WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
		if (subprotocols.length > 0) {
			builder.subprotocols(subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
		}
		client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port() + path), client)
			.orTimeout(30, TimeUnit.SECONDS)
			.join();
		return client;
	}

	@Override
	public void close() {
		try {
			this.tomcat.stop();
			this.tomcat.destroy();
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Keeps what it receives. */
	static final class Client implements WebSocket.Listener, AutoCloseable {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		private WebSocket socket;

		@Override
		public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.received.add(data.toString());
			webSocket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.received.add("close " + statusCode);
			return null;
		}

		String subprotocol() {
			return this.socket.getSubprotocol();
		}

		Client say(String text) {
			this.socket.sendText(text, true).orTimeout(1, TimeUnit.MINUTES).join();
			return this;
		}

		/** The next text, or the close status. */
		String next() {
			try {
				return this.received.poll(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			this.socket.abort();
		}

	}

}
