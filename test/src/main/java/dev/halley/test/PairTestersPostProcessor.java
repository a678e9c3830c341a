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

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.Assert;
import org.springframework.web.context.WebApplicationContext;

import dev.halley.connection.LoginSource;
import dev.halley.web.WebSocketRuntime;

/**
 * Has the WebSockets of an application without a server run on what testers run on.
 */
final class PairTestersPostProcessor implements BeanPostProcessor {

	private static final String EXPECTED = " (expected: a @WebMvcTest of a controller with a @WebSocketMapping, or a "
			+ "@SpringBootTest without a server; with a server use LiveClients, without an application PairTester)";

	private final ConfigurableApplicationContext context;

	private volatile @Nullable TesterRuntime runtime;

	PairTestersPostProcessor(ConfigurableApplicationContext context) {
		this.context = context;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof WebSocketRuntime webSockets && isWithoutServer()) ? adapted(webSockets) : bean;
	}

	private boolean isWithoutServer() {
		return this.context instanceof WebApplicationContext web
				&& web.getServletContext() instanceof MockServletContext;
	}

	private WebSocketRuntime adapted(WebSocketRuntime webSockets) {
		TesterRuntime runtime = new TesterRuntime(webSockets.registry()::captureContext);
		this.runtime = runtime;
		this.context.getBeanProvider(LoginSource.class).ifAvailable(runtime::endWith);
		return new WebSocketRuntime(webSockets.settings(), webSockets.codecs(), webSockets.exceptionHandlers(),
				runtime.registry(), webSockets.countedUser(), webSockets.upgradeStrategy(),
				Handover.strategy(webSockets.pairUpgradeStrategy()));
	}

	PairTesters testers() {
		Assert.state(isWithoutServer(), () -> "PairTesters are for an application without a server" + EXPECTED);
		WebSocketRuntime webSockets = this.context.getBeanProvider(WebSocketRuntime.class).getIfAvailable();
		TesterRuntime runtime = this.runtime;
		Assert.state(webSockets != null && runtime != null,
				() -> "PairTesters found no support for WebSockets in the application" + EXPECTED);
		MockMvc mvc = this.context.getBeanProvider(MockMvc.class)
			.getIfAvailable(() -> MockMvcBuilders.webAppContextSetup((WebApplicationContext) this.context).build());
		return new PairTesters(mvc, webSockets.codecs(), runtime);
	}

}
