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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * Finds the methods of all beans that return pairs for one kind of wire, binds them at
 * start-up, and matches the requests that ask for this wire. Other requests pass to the
 * mappings after it.
 * <p>
 * Paths are understood, prefixed and intercepted as those of {@code @RequestMapping}
 * methods are. CORS is not applied: a WebSocket has its own check of the origin. Beans
 * are not created before a request needs them.
 *
 * @since 0.1
 * @see #webSocket
 * @see #eventSource
 * @see #comet
 */
public final class PairHandlerMapping extends RequestMappingInfoHandlerMapping
		implements EmbeddedValueResolverAware, SmartInitializingSingleton {

	/**
	 * Before router functions and {@code @RequestMapping} methods.
	 */
	public static final int DEFAULT_ORDER = -10;

	private static final String ENDPOINT = PairHandlerMapping.class.getName() + ".ENDPOINT";

	/** The name of a variable, but not that of a class of characters. */
	private static final Pattern VARIABLE = Pattern
		.compile("(?<!\\\\[pP])\\{(\\*?)\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");

	private static final Set<DispatcherType> FOREIGN_DISPATCHES = Set.of(DispatcherType.ERROR, DispatcherType.INCLUDE);

	private final Wire<?> wire;

	private final RequestMappingHandlerMapping mvc;

	private final List<RequestMappingInfo> mappings = new CopyOnWriteArrayList<>();

	private final Map<String, Taken> taken = new ConcurrentHashMap<>();

	private StringValueResolver placeholders = (value) -> value;

	private PairHandlerMapping(Wire<?> wire, RequestMappingHandlerMapping mvc) {
		Assert.notNull(mvc, "'mvc' must not be null");
		this.wire = wire;
		this.mvc = mvc;
		setPatternParser(mvc.getPatternParser());
		setOrder(DEFAULT_ORDER);
	}

	/**
	 * Maps WebSocket handshakes to the methods with
	 * {@link dev.halley.annotation.WebSocketMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods, for its paths' syntax
	 * and prefixes and for its interceptors
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping webSocket(WebSocketSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		return new PairHandlerMapping(new WebSocketWire(support), mvc);
	}

	/**
	 * Maps requests for event streams to the methods with
	 * {@link dev.halley.annotation.EventSourceMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping eventSource(EventStreamSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new EventSourceWire(support), mvc);
		mapping.setOrder(DEFAULT_ORDER + 1);
		return mapping;
	}

	/**
	 * Maps requests for HTML to the methods with
	 * {@link dev.halley.annotation.CometMapping}.
	 * @param support what the endpoints are made with
	 * @param mvc the mapping of {@code @RequestMapping} methods
	 * @return a handler mapping, to be a bean
	 */
	public static PairHandlerMapping comet(CometSupport support, RequestMappingHandlerMapping mvc) {
		Assert.notNull(support, "'support' must not be null");
		PairHandlerMapping mapping = new PairHandlerMapping(new CometWire(support), mvc);
		mapping.setOrder(DEFAULT_ORDER + 2);
		return mapping;
	}

	@Override
	public void setEmbeddedValueResolver(StringValueResolver resolver) {
		this.placeholders = resolver;
	}

	/** Takes the interceptors of Spring MVC, which has found the mapped ones already. */
	@Override
	protected void detectMappedInterceptors(List<HandlerInterceptor> interceptors) {
		addInterceptorsOf(this.mvc, interceptors);
	}

	static void addInterceptorsOf(RequestMappingHandlerMapping mvc, List<HandlerInterceptor> interceptors) {
		HandlerInterceptor[] those = mvc.getAdaptedInterceptors();
		if (those != null) {
			interceptors.addAll(Arrays.asList(those));
		}
	}

	@Override
	protected boolean isHandler(Class<?> beanType) {
		if (isInfrastructure(beanType) || !AnnotationUtils.isCandidateClass(beanType, this.wire.annotationType())) {
			return false;
		}
		try {
			return !MethodIntrospector.selectMethods(ClassUtils.getUserClass(beanType), this::isMapped).isEmpty();
		}
		catch (IllegalStateException | LinkageError | TypeNotPresentException ex) {
			// A bean with an optional class in a signature: none of ours
			logger.debug("Cannot look for mapped methods in " + beanType, ex);
			return false;
		}
	}

	private static boolean isInfrastructure(Class<?> beanType) {
		return beanType.getName().startsWith("org.springframework.")
				&& !AnnotatedElementUtils.isAnnotated(ClassUtils.getUserClass(beanType), Component.class);
	}

	private boolean isMapped(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, this.wire.annotationType());
	}

	@Override
	protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> handlerType) {
		return mappingFor(this.wire, new EndpointMethod(method, handlerType));
	}

	private <A extends Annotation> @Nullable RequestMappingInfo mappingFor(Wire<A> wire, EndpointMethod method) {
		MergedAnnotation<A> mapping = MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY)
			.get(wire.annotationType());
		if (!mapping.isPresent()) {
			return null;
		}
		if (AnnotatedElementUtils.hasAnnotation(method.method(), RequestMapping.class)) {
			throw method.invalid("has a @RequestMapping too, but a pair is no HTTP answer",
					"another method for plain requests to the path");
		}
		try {
			RequestMappingInfo info = mappingFor(method, wire.bind(method, mapping, this.placeholders));
			new EndpointParameters(method).check(info.getPatternValues());
			return info;
		}
		catch (PlaceholderResolutionException ex) {
			throw method.invalid("a placeholder cannot be resolved: " + ex.getMessage(),
					"a property of that name, or a default as in ${name:value}", ex);
		}
	}

	private RequestMappingInfo mappingFor(EndpointMethod method, Endpoint endpoint) {
		try {
			RequestMappingInfo info = paths(endpoint.paths()).customCondition(new EndpointCondition(endpoint)).build();
			RequestMapping onType = AnnotatedElementUtils.findMergedAnnotation(method.type(), RequestMapping.class);
			info = (onType != null) ? mappingOf(onType).combine(info) : info;
			if (info.isEmptyMapping()) {
				throw method.invalid("has no path", "a path on the method or in a @RequestMapping on the class");
			}
			return prefixed(info, method.type());
		}
		catch (PatternParseException ex) {
			throw method.invalid("path " + endpoint.paths() + " is malformed: " + ex.getMessage(),
					"a path pattern such as /rooms/{room}", ex);
		}
	}

	/** What a class says about bodies and methods does not concern a wire. */
	private RequestMappingInfo mappingOf(RequestMapping onType) {
		List<String> paths = Arrays.stream(onType.path()).map(this::resolve).toList();
		return paths(paths).params(onType.params()).headers(onType.headers()).build();
	}

	private RequestMappingInfo prefixed(RequestMappingInfo info, Class<?> type) {
		for (Map.Entry<String, Predicate<Class<?>>> prefix : this.mvc.getPathPrefixes().entrySet()) {
			if (prefix.getValue().test(type)) {
				return paths(List.of(resolve(prefix.getKey()))).build().combine(info);
			}
		}
		return info;
	}

	private RequestMappingInfo.Builder paths(List<String> paths) {
		return RequestMappingInfo.paths(paths.toArray(String[]::new)).options(this.mvc.getBuilderConfiguration());
	}

	private String resolve(String value) {
		return Objects.requireNonNullElse(this.placeholders.resolveStringValue(value), "");
	}

	@Override
	protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
		for (String pattern : mapping.getPatternValues()) {
			String key = VARIABLE.matcher(pattern).replaceAll("{$1") + mapping.getParamsCondition()
					+ mapping.getHeadersCondition();
			Taken other = this.taken.putIfAbsent(key, new Taken(pattern, method));
			if (other != null) {
				throw other.conflict(pattern, method);
			}
		}
		super.registerHandlerMethod(handler, method, mapping);
		this.mappings.add(mapping);
	}

	/** When all beans are there, so that it is known which of them are proxies. */
	@Override
	public void afterSingletonsInstantiated() {
		ApplicationContext context = obtainApplicationContext();
		SingletonBeanRegistry singletons = (SingletonBeanRegistry) context.getAutowireCapableBeanFactory();
		for (String name : getCandidateBeanNames()) {
			Class<?> type = singletons.containsSingleton(name) ? context.getType(name) : null;
			if (type != null && SpringProxy.class.isAssignableFrom(type) && context.isSingleton(name)) {
				checkProxy(context.getBean(name));
			}
		}
	}

	private void checkProxy(Object bean) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (isHandler(type)) {
			Set<Method> mapped = MethodIntrospector.selectMethods(type, this::isMapped);
			mapped.forEach((method) -> ProxiedMethods.check(method, bean));
			mapped.forEach((method) -> ProxiedMethods.checkFound(method, bean, getHandlerMethods().values()));
			ExceptionHandlerMethods.of(type).forEach((method) -> ProxiedMethods.check(method, bean));
		}
	}

	@Override
	protected @Nullable HandlerMethod getHandlerInternal(HttpServletRequest request) throws Exception {
		return (isForeign(request) || !this.wire.isAskedFor(request)) ? null : endpointFor(request);
	}

	/** Finds the endpoint for a request that takes this wire, but did not ask for it. */
	@Nullable HandlerMethod unaskedHandlerFor(HttpServletRequest request) throws Exception {
		return this.wire.isAcceptableTo(request) ? endpointFor(request) : null;
	}

	private @Nullable HandlerMethod endpointFor(HttpServletRequest request) throws Exception {
		HandlerMethod method = super.getHandlerInternal(request);
		return (method != null && request.getAttribute(ENDPOINT) instanceof Endpoint endpoint)
				? new PairHandlerMethod(ProxiedMethods.invocable(method), endpoint) : null;
	}

	/** An error page is no endpoint, though its request still has the headers. */
	static boolean isForeign(HttpServletRequest request) {
		return FOREIGN_DISPATCHES.contains(request.getDispatcherType());
	}

	@Override
	protected void handleMatch(RequestMappingInfo info, String lookupPath, HttpServletRequest request) {
		super.handleMatch(info, lookupPath, request);
		if (info.getCustomCondition() instanceof EndpointCondition condition) {
			request.setAttribute(ENDPOINT, condition.endpoint());
		}
	}

	@Override
	protected @Nullable HandlerMethod handleNoMatch(Set<RequestMappingInfo> infos, String lookupPath,
			HttpServletRequest request) {
		return null;
	}

	/** Whether a request for another wire, or for none, has the path of an endpoint. */
	@Nullable Wire<?> wireNotAskedForBy(HttpServletRequest request) {
		return (!this.wire.isAskedFor(request) && this.mappings.stream()
			.anyMatch((mapping) -> mapping.getActivePatternsCondition().getMatchingCondition(request) != null))
					? this.wire : null;
	}

	/**
	 * A path that has its endpoint.
	 */
	private record Taken(String pattern, Method method) {

		InvalidMappingException conflict(String pattern, Method method) {
			String other = ClassUtils.getQualifiedMethodName(this.method);
			return new InvalidMappingException(method,
					pattern.equals(this.pattern) ? "is mapped to " + pattern + ", as is " + other : "is mapped to "
							+ pattern + ", and " + other + " to " + this.pattern + ", which take the same requests",
					"one method for each path, in one bean");
		}

	}

}
