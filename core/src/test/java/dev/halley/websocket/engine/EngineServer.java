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

package dev.halley.websocket.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import jakarta.servlet.Filter;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

import dev.halley.connection.ConnectionLimits;
import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.ConnectionSettings;
import dev.halley.web.WebSocketSettings;

/**
 * A Tomcat whose WebSockets run on one of the engines, with one application and no Spring
 * Boot.
 */
final class EngineServer implements AutoCloseable {

	private final Tomcat tomcat = new Tomcat();

	private final AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();

	private EngineServer(Builder builder, Class<?>... configuration) throws IOException, LifecycleException {
		this.tomcat.setBaseDir(Files.createTempDirectory("halley").toString());
		this.tomcat.setSilent(true);
		Connector connector = new Connector(builder.engine.protocol());
		connector.setPort(builder.port);
		this.tomcat.setConnector(connector);
		builder.connector.accept(this.tomcat.getConnector());
		Context context = this.tomcat.addContext("", null);
		context.setParentClassLoader(getClass().getClassLoader());
		context.addServletContainerInitializer(new WsSci(), null);
		this.application.addBeanFactoryPostProcessor((factory) -> {
			factory.registerSingleton("engine", builder.engine);
			factory.registerSingleton("limits", builder.limits);
			factory.registerSingleton("loopCount", builder.loops);
			factory.registerSingleton("engineSettings", builder.engineSettings());
			factory.registerSingleton("settings", new WebSocketSettings(List.of("*"), builder.settings));
		});
		this.application.register(EngineServerConfiguration.class);
		this.application.register(configuration);
		Wrapper servlet = Tomcat.addServlet(context, "dispatcher", new DispatcherServlet(this.application));
		servlet.setLoadOnStartup(1);
		servlet.setAsyncSupported(true);
		context.addServletMappingDecoded("/", "dispatcher");
		if (builder.filter != null) {
			add(builder.filter, context);
		}
		this.tomcat.start();
	}

	private static void add(Filter filter, Context context) {
		FilterDef definition = new FilterDef();
		definition.setFilterName("filter");
		definition.setFilter(filter);
		definition.setAsyncSupported("true");
		context.addFilterDef(definition);
		FilterMap mapping = new FilterMap();
		mapping.setFilterName("filter");
		mapping.addURLPattern("/*");
		context.addFilterMap(mapping);
	}

	static Builder on(Engine engine) {
		return new Builder(engine);
	}

	int port() {
		return this.tomcat.getConnector().getLocalPort();
	}

	String url(String path) {
		return "ws://localhost:" + port() + path;
	}

	<T> T bean(Class<T> type) {
		return this.application.getBean(type);
	}

	int connections() {
		return bean(ConnectionRegistry.class).size();
	}

	/** A connection whose handshake is done. */
	RawClient connect(String path, String... headers) {
		try {
			return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port())).handshake(path, headers);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Connector connector() {
		return this.tomcat.getConnector();
	}

	@Override
	public void close() {
		try {
			if (this.tomcat.getServer().getState() != LifecycleState.DESTROYED) {
				this.tomcat.stop();
				this.tomcat.destroy();
			}
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static final class Builder {

		private final Engine engine;

		private ConnectionSettings settings = ConnectionSettings.DEFAULT;

		private EngineSettings compression = EngineSettings.DEFAULT;

		private ConnectionLimits limits = ConnectionLimits.NONE;

		private Consumer<Connector> connector = (connector) -> {
		};

		private Filter filter;

		private int port;

		private int loops = 2;

		private Builder(Engine engine) {
			this.engine = engine;
		}

		Builder port(int port) {
			this.port = port;
			return this;
		}

		Builder loops(int loops) {
			this.loops = loops;
			return this;
		}

		Builder settings(ConnectionSettings settings) {
			this.settings = settings;
			return this;
		}

		Builder timeouts(Duration close, Duration send) {
			ConnectionSettings now = this.settings;
			return settings(new ConnectionSettings(now.sendBufferMessages(), now.sendBufferBytes(), now.overflow(),
					now.maxMessageSize(), now.idleTimeout(), now.pingInterval(), now.pongTimeout(), close, send));
		}

		/** Compression; the limits and time-outs are those of the settings. */
		Builder compression(EngineSettings compression) {
			this.compression = compression;
			return this;
		}

		private EngineSettings engineSettings() {
			return new EngineSettings(this.settings, this.compression.compression(),
					this.compression.compressionThreshold());
		}

		Builder limits(ConnectionLimits limits) {
			this.limits = limits;
			return this;
		}

		Builder connector(Consumer<Connector> customizer) {
			this.connector = this.connector.andThen(customizer);
			return this;
		}

		Builder filter(Filter filter) {
			this.filter = filter;
			return this;
		}

		EngineServer start(Class<?>... configuration) {
			try {
				return new EngineServer(this, configuration);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (LifecycleException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
